-- How actions and contributions in the 28 days that end with the day spread over people, counted anew.
SELECT unit, t, toFloat64(count()), toFloat64(sum(actions)), toFloat64(countIf(gave > 0)), toFloat64(sum(gave))
FROM
(
    SELECT person, t, sum(done.actions) AS actions, sum(contribute) AS gave, has(open_tools, t) OR (person, t) IN (SELECT person, t FROM granted) AS may
    FROM done
    WHERE person IN (SELECT person FROM here)
    GROUP BY person, t
) AS did
INNER JOIN here USING (person)
WHERE may
GROUP BY unit, t
