-- How many calls began in each hour of a day, by direction, and how many minutes their records last.
-- Of the last 30 days: write other days in WHERE.
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
