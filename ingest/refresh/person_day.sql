-- What each person did with each tool on the days from..to, from the events that count: of several rows of one
-- identity FINAL leaves the last received. An event of these days has its UTC day between utc_from and utc_to. What is
-- known by its name only (class 'unknown') is no use of a tool yet.
INSERT INTO person_day (day, run, tool, person, contribute, respond, share, meet, consume, access, duration_s)
SELECT
    day, {run:UInt64}, tool, person,
    sumIf(quantity, class = 'contribute'),
    sumIf(quantity, class = 'respond'),
    sumIf(quantity, class = 'share'),
    sumIf(quantity, class = 'meet'),
    sumIf(quantity, class = 'consume'),
    sumIf(quantity, class = 'access'),
    sum(duration_s)
FROM
(
    SELECT if(date_only, utc_day, toDate(time, {zone:String})) AS day, tool, actor, class, quantity, duration_s
    FROM events FINAL
    WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date}
) AS e
INNER JOIN (SELECT hash, person FROM identity FINAL) AS i ON i.hash = e.actor
WHERE day BETWEEN {from:Date} AND {to:Date} AND quantity > 0 AND class != 'unknown'
GROUP BY day, tool, person
