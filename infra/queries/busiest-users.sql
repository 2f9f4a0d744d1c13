-- Which twenty extensions had the most calls, and how many minutes of them?
SELECT
  extension_id,
  MAX(CASE WHEN direction = 'Outbound' THEN from_name ELSE to_name END) AS name,
  COUNT(*) AS calls,
  ROUND(SUM(duration_seconds) / 60, 1) AS minutes
FROM calls
WHERE type = 'Voice' AND NOT deleted AND NOT vanished AND NOT moved AND extension_id IS NOT NULL
GROUP BY extension_id
ORDER BY calls DESC, extension_id
LIMIT 20
