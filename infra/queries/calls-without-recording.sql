-- Calls that reference a recording which is not stored, with the recording's state.
-- Covers the last 30 days. To change that, edit the days in both places.
SELECT
  recordings.day,
  recordings.call_id,
  recordings.id AS recording_id,
  recordings.state,
  recordings.attempts,
  calls.local_time,
  calls.direction,
  calls.from_number,
  calls.to_number
FROM recordings
LEFT JOIN calls ON calls.day = recordings.day AND calls.id = recordings.call_id
  AND calls.day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
WHERE recordings.day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
  AND recordings.state <> 'stored'
ORDER BY recordings.day, recordings.call_id, recordings.id
