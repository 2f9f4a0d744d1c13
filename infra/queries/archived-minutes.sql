-- How many recordings the archive has of each day, of how many minutes of calls and how many bytes.
-- Of the last 30 days: write other days in WHERE.
SELECT
  day,
  COUNT(*) AS recordings,
  ROUND(SUM(duration_seconds) / 60, 1) AS minutes,
  CAST(SUM(bytes) AS BIGINT) AS bytes
FROM recordings
WHERE day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
  AND state = 'stored'
GROUP BY day
ORDER BY day
