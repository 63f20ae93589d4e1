-- Partitions of events, which are months of UTC days, that end before the day kept.
SELECT DISTINCT _partition_id
FROM events
WHERE utc_day < toStartOfMonth({kept:Date})
ORDER BY _partition_id
