-- By how many calls do the call log and RingCentral's analytics differ, day by day?
SELECT
  day,
  direction,
  call_log_calls,
  analytics_calls,
  difference
FROM discrepancy
ORDER BY day, direction
