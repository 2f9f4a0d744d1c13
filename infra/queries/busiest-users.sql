-- The twenty extensions with the most calls, and the minutes of their records.
-- Covers the last 30 days. To change that, edit the days in WHERE.
SELECT
  extension_id,
  MAX(CASE WHEN direction = 'Outbound' THEN from_name ELSE to_name END) AS name,
  COUNT(DISTINCT COALESCE(session_id, id)) AS calls,
  ROUND(SUM(duration_seconds) / 60, 1) AS minutes
FROM calls
WHERE day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
  AND type = 'Voice' AND NOT deleted AND NOT vanished AND NOT moved AND extension_id IS NOT NULL
GROUP BY extension_id
ORDER BY calls DESC, extension_id
LIMIT 20
