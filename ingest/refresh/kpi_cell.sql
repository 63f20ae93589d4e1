-- How many people there are on each day of each unit, location, role, year of hiring and access. People who are the same
-- in all of it on the same days are counted together before the days are taken apart.
SELECT
    at[i + 1] AS day, {run:UInt64}, unit, location, role, hired,
    arraySort(arrayMap(access -> tool_names[access.1], arrayFilter(access -> bitTest(access.2, i), accesses))) AS tools,
    people
FROM
(
    SELECT unit, location, role, hired, here, arraySort(accesses) AS accesses, count() AS people
    FROM
    (
        SELECT
            person, unit, location, role, if(toUInt16(hired_on) = 0, 0, toYear(hired_on)) AS hired,
            arraySum(arrayMap((day, bit) -> if(day BETWEEN first_day AND last_day, bit, 0), at, bits)) AS here
        FROM membership
        WHERE first_day <= arrayMax(at) AND last_day >= arrayMin(at)
    ) AS posts
    LEFT JOIN
    (
        SELECT person, groupArray((tool, granted_on)) AS accesses
        FROM granted
        WHERE tool IN (SELECT tool FROM licensed)
        GROUP BY person
    ) AS g ON g.person = posts.person
    WHERE here != 0
    GROUP BY unit, location, role, hired, here, accesses
)
ARRAY JOIN bitPositionsToArray(here) AS i
