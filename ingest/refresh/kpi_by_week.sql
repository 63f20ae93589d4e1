-- Life cycle in weeks, as in kpi_week.sql, by the values of each attribute of people.
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
-- In which of the weeks a person used a tool for the first time ever.
began AS
(
    SELECT person, toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0))) AS number, bitShiftLeft(toUInt64(1), intDiv(day - {first_week:Date}, 7)) AS began_in
    FROM first_active FINAL
    WHERE day BETWEEN {first_week:Date} AND {facts_to:Date}
),
enabled_in AS
(
    SELECT
        stay.1 AS groups, used_in.tool AS tool, used, began_in,
        bitAnd(stay.2, if(tool IN (SELECT tool FROM licensed), granted_on, every)) AS enabled_on
    FROM used_in
    INNER JOIN (SELECT person, stay FROM described ARRAY JOIN stays AS stay) AS d ON d.person = used_in.person
    LEFT JOIN granted ON granted.person = used_in.person AND granted.tool = used_in.tool
    LEFT JOIN began ON began.person = used_in.person AND began.number = used_in.tool
)
SELECT
    {first_week:Date} + 7 * i AS day, {run:UInt64}, attribute_names[bitShiftRight(group, 32)], value_names[bitAnd(group, 0xFFFFFFFF)], tool_names[tool],
    countIf(now AND first),
    countIf(now AND NOT first AND before),
    countIf(now AND NOT first AND NOT before),
    countIf(NOT now AND before)
FROM
(
    SELECT groups, tool, i, bitTest(used, i + 1) AS now, bitTest(used, i) AS before, bitTest(began_in, i) AS first
    FROM enabled_in
    ARRAY JOIN bitPositionsToArray(bitAnd(enabled_on, bitOr(used, bitShiftRight(used, 1)))) AS i
)
ARRAY JOIN groups AS group
GROUP BY day, group, tool
