-- By how many calls the call log and RingCentral's analytics differ, day by day.
-- Of the last 30 days: write other days in WHERE.
SELECT
  day,
  direction,
  call_log_calls,
  analytics_calls,
  difference
FROM discrepancy
WHERE day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
ORDER BY day, direction
