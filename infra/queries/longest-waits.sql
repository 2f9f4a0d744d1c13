-- The twenty inbound calls with the longest wait, until the phone that was picked up started ringing.
-- Covers the last 30 days. To change that, edit the days in both places.
SELECT
  calls.day,
  calls.local_time,
  calls.from_number,
  calls.to_name,
  CAST(MIN(date_diff('millisecond', calls.start_time, legs.start_time)) AS DOUBLE) / 1000 AS wait_seconds
FROM calls
JOIN legs ON legs.day = calls.day AND legs.call_id = calls.id
  AND legs.day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
WHERE calls.day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
  AND calls.type = 'Voice' AND calls.direction = 'Inbound' AND NOT calls.deleted
  AND NOT calls.vanished AND NOT calls.moved
  AND (legs.result = 'Accepted' OR legs.result LIKE 'Call _onnected') AND NOT COALESCE(legs.master, FALSE)
GROUP BY calls.day, calls.id, calls.local_time, calls.from_number, calls.to_name
ORDER BY wait_seconds DESC, calls.day, calls.id
LIMIT 20
