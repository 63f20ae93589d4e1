-- The UTC days on which these people have events.
SELECT DISTINCT toUInt16(utc_day) FROM events
WHERE actor IN (SELECT hash FROM identity FINAL WHERE person IN {people:Array(UInt64)})
