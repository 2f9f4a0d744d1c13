-- Which calls name a recording that the archive does not have, and why not?
SELECT
  recordings.day,
  recordings.call_id,
  recordings.id AS recording_id,
  recordings.state,
  recordings.tries,
  calls.local_time,
  calls.direction,
  calls.from_number,
  calls.to_number
FROM recordings
LEFT JOIN calls ON calls.day = recordings.day AND calls.id = recordings.call_id
WHERE recordings.state <> 'stored'
ORDER BY recordings.day, recordings.call_id, recordings.id
