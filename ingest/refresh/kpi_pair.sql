-- Interactions between the units in which the two people are placed on each of the days at, which follow each other
-- without a gap. The days of pair_day are written together with those of person_day.
SELECT day, {run:UInt64}, tool, acted.unit, addressed.unit, sum(interactions)
FROM
(
    SELECT day, tool, person, other, interactions, toUInt8(day - at[1]) AS offset
    FROM pair_day
    WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
) AS pair
INNER JOIN placed AS acted ON acted.person = pair.person
INNER JOIN placed AS addressed ON addressed.person = pair.other
WHERE bitTest(acted.here, offset) AND bitTest(addressed.here, offset)
GROUP BY day, tool, acted.unit, addressed.unit
