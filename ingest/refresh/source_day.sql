-- What each source brought of each tool on the days from..to. An event with quantity 0 is one, too: the source lives.
-- Events of class 'unknown' are in unknown_day.
INSERT INTO source_day (day, run, source, tool, events, last_time, last_received)
SELECT
    if(date_only, utc_day, toDate(time, {zone:String})) AS day, {run:UInt64}, source, tool,
    count(), max(time), toDateTime64(fromUnixTimestamp64Nano(toInt64(max(received)), 'UTC'), 3, 'UTC')
FROM events FINAL
WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date} AND day BETWEEN {from:Date} AND {to:Date} AND class != 'unknown'
GROUP BY day, source, tool
