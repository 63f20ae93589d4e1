-- People of each unit, and those with a licence where one is needed, counted anew.
SELECT unit, t, toFloat64(uniqExact(person))
FROM
(
    SELECT person, unit, '' AS t FROM here
    UNION ALL
    SELECT person, unit, t FROM here INNER JOIN granted USING (person)
)
WHERE NOT has(open_tools, t)
GROUP BY unit, t
