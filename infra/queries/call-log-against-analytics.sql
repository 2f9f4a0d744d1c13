-- For each day: the calls in the call log, the calls in RingCentral's analytics, and the difference.
-- Covers the last 30 days. To change that, edit the days in WHERE.
SELECT
  day,
  direction,
  call_log_calls,
  analytics_calls,
  difference
FROM discrepancy
WHERE day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
ORDER BY day, direction
