-- For each queue: the calls answered, missed and abandoned, by RingCentral's analytics.
-- Covers the last 30 days. To change that, edit the days in WHERE.
SELECT
  day,
  COALESCE(name, key) AS queue,
  SUM(CASE WHEN metric = 'callsByResponse' AND breakdown = 'answered' THEN value END) AS answered,
  SUM(CASE WHEN metric = 'callsByResult' AND breakdown = 'missed' THEN value END) AS missed,
  SUM(CASE WHEN metric = 'callsByResult' AND breakdown = 'abandoned' THEN value END) AS abandoned
FROM analytics
WHERE day >= CAST(CAST(current_date - INTERVAL '30' DAY AS DATE) AS VARCHAR)
  AND grouped_by = 'Queues' AND unit = 'Instances' AND hour_start IS NULL
GROUP BY day, key, COALESCE(name, key)
ORDER BY day, queue, key
