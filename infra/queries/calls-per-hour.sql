-- For each hour of a day: the calls that began, by direction, and the minutes of their records.
-- Covers the last 30 days. To change that, edit the days in WHERE.
SELECT
  day,
  EXTRACT(HOUR FROM local_time) AS hour,
  direction,
  COUNT(DISTINCT COALESCE(session_id, id)) AS calls,
  ROUND(SUM(duration_seconds) / 60, 1) AS minutes
FROM calls
WHERE day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
  AND type = 'Voice' AND NOT deleted AND NOT vanished AND NOT moved
GROUP BY day, EXTRACT(HOUR FROM local_time), direction
ORDER BY day, hour, direction
