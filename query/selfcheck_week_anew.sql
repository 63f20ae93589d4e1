-- The life cycle of the week that ends with the day, counted anew from all facts up to it.
SELECT
    unit, t,
    toFloat64(countIf(now AND first > d - 7)), toFloat64(countIf(now AND before)),
    toFloat64(countIf(now AND NOT before AND first <= d - 7)), toFloat64(countIf(before AND NOT now))
FROM
(
    SELECT
        person, t, min(day) AS first, max(day > d - 7) AS now, max(day BETWEEN d - 13 AND d - 7) AS before,
        has(open_tools, t) OR (person, t) IN (SELECT person, t FROM granted) AS may
    FROM done
    WHERE person IN (SELECT person FROM here)
    GROUP BY person, t
) AS did
INNER JOIN here USING (person)
WHERE may AND (now OR before)
GROUP BY unit, t
