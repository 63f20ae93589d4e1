-- Of the cohorts of the weeks that begin with the Mondays first_cohort, first_cohort + 7, …, as many as there are days
-- at, on which they are placed: who was active in the weeks from first_week on. Bit i of used stands for the i-th of
-- these, lag for the weeks that lie between first_cohort and first_week. A person's cohort is a number, too, the place
-- of its week among those of at.
, used_in AS
(
    SELECT person, number AS tool, groupBitOr(weeks) AS used
    FROM
    (
        SELECT person, toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0))) AS one, groupBitOr(bitShiftLeft(toUInt64(1), intDiv(day - {facts_from:Date}, 7))) AS weeks
        FROM person_day
        WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
          AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
        GROUP BY person, one
    )
    ARRAY JOIN [one, all_tools] AS number
    GROUP BY person, number
),
began AS
(
    SELECT
        person, toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0))) AS number,
        toUInt8(intDiv(day - {first_cohort:Date}, 7)) AS began_in, toStartOfMonth(day) AS began_month
    FROM first_active FINAL
    WHERE day BETWEEN {first_cohort:Date} AND {facts_to:Date}
)
-- People with the same unit, tool, beginning and weeks are counted together before the weeks are taken apart.
SELECT
    {first_week:Date} + 7 * i AS day, {run:UInt64}, unit, tool_names[tool],
    {first_cohort:Date} + 7 * began_in AS cohort, began_month AS month, sum(people)
FROM
(
    SELECT unit, tool, used, began_in, began_month, countIf(bitTest(enabled_on, began_in)) AS people
    FROM
    (
        SELECT
            unit, used_in.tool AS tool, used, began_in, began_month,
            bitAnd(here, if(tool IN (SELECT tool FROM licensed), granted_on, every)) AS enabled_on
        FROM used_in
        INNER JOIN placed ON placed.person = used_in.person
        LEFT JOIN granted ON granted.person = used_in.person AND granted.tool = used_in.tool
        INNER JOIN began ON began.person = used_in.person AND began.number = used_in.tool
    )
    GROUP BY unit, tool, used, began_in, began_month
)
ARRAY JOIN bitPositionsToArray(used) AS i
WHERE people > 0 AND i + {lag:UInt8} <= began_in + 52
GROUP BY day, unit, tool, cohort, month
