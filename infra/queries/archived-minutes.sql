-- How many recordings does the archive have of each day, how many minutes of calls, and how many bytes?
SELECT
  day,
  COUNT(*) AS recordings,
  ROUND(SUM(duration_seconds) / 60, 1) AS minutes,
  CAST(SUM(bytes) AS BIGINT) AS bytes
FROM recordings
WHERE state = 'stored'
GROUP BY day
ORDER BY day
