-- The UTC days of a source with an event that is, or was, known by its name only. Without FINAL they may be too many.
SELECT DISTINCT utc_day
FROM events
WHERE source = {source:String} AND utc_day >= {kept:Date} AND class = 'unknown'
ORDER BY utc_day
