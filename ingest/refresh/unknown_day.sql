-- What each source brought under each unknown name on the days from..to. quantity 0: it is known by now that the name
-- means nothing.
INSERT INTO unknown_day (day, run, source, name, events)
SELECT if(date_only, utc_day, toDate(time, {zone:String})) AS day, {run:UInt64}, source, toString(action) AS name, count()
FROM events FINAL
WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date} AND day BETWEEN {from:Date} AND {to:Date} AND class = 'unknown' AND quantity > 0
GROUP BY day, source, name
