-- For each day: the stored recordings, the minutes of their calls, and the bytes.
-- Covers the last 30 days. To change that, edit the days in WHERE.
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
