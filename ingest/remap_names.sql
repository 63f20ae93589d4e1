-- What a source brought on a UTC day under unknown names. ignored: it was found to mean nothing.
SELECT toString(action) AS name, toString(tool) AS known_tool, quantity = 0 AS ignored, count()
FROM events FINAL
WHERE utc_day = {day:Date} AND source = {source:String} AND class = 'unknown'
GROUP BY name, known_tool, ignored
ORDER BY name, known_tool, ignored
