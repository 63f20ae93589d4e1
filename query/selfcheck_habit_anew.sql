-- The habits of the people of a day, counted anew from the 84 days from..to.
SELECT
    unit, t,
    toFloat64(countIf(weeks >= 9 AND acted >= 15 * 12)), toFloat64(countIf(weeks >= 9 AND acted < 15 * 12)),
    toFloat64(countIf(weeks < 9 AND acted >= 12)), toFloat64(countIf(weeks < 9 AND acted < 12))
FROM
(
    SELECT person, t, uniqExact(toMonday(day)) AS weeks, sum(done.actions) AS acted, has(open_tools, t) OR (person, t) IN (SELECT person, t FROM granted) AS may
    FROM done
    WHERE person IN (SELECT person FROM here)
    GROUP BY person, t
) AS did
INNER JOIN here USING (person)
WHERE may
GROUP BY unit, t
