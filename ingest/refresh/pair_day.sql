-- How often each person addressed each other one with each tool on the days from..to, from the events that count. A
-- counterpart who is named twice in one event, by one address or by two, is one. Nobody interacts with himself.
INSERT INTO pair_day (day, run, tool, person, other, interactions)
SELECT day, {run:UInt64}, tool, person, other, sum(quantity)
FROM
(
    SELECT day, event, tool, acted.person AS person, addressed.person AS other, any(quantity) AS quantity
    FROM
    (
        SELECT
            if(date_only, utc_day, toDate(time, {zone:String})) AS day, tool, actor, quantity,
            rowNumberInAllBlocks() AS event,
            arrayJoin(counterparts) AS counterpart
        FROM events FINAL
        WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date} AND day BETWEEN {from:Date} AND {to:Date}
          AND notEmpty(counterparts) AND quantity > 0 AND class NOT IN ('access', 'unknown')
    ) AS e
    INNER JOIN (SELECT hash, person FROM identity FINAL) AS acted ON acted.hash = e.actor
    INNER JOIN (SELECT hash, person FROM identity FINAL) AS addressed ON addressed.hash = e.counterpart
    WHERE person != other
    GROUP BY day, event, tool, person, other
)
GROUP BY day, tool, person, other
