-- How many people each unit has on each day, and how many of them have access to each licensed tool.
-- People with the same unit, tool and days are counted together before the days are taken apart.
SELECT at[i + 1] AS day, {run:UInt64}, unit, tool_names[tool], sum(people)
FROM
(
    SELECT unit, access.1 AS tool, bitAnd(here, access.2) AS there, count() AS people
    FROM
    (
        SELECT unit, here, arrayPushBack(accesses, (toUInt16(2), every)) AS accesses
        FROM placed
        LEFT JOIN
        (
            SELECT person, groupArray((tool, granted_on)) AS accesses
            FROM granted
            WHERE tool IN (SELECT tool FROM licensed)
            GROUP BY person
        ) AS g ON g.person = placed.person
    )
    ARRAY JOIN accesses AS access
    WHERE there != 0
    GROUP BY unit, tool, there
)
ARRAY JOIN bitPositionsToArray(there) AS i
GROUP BY day, unit, tool
