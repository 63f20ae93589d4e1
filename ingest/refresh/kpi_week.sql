-- Life cycle of the people of each unit in the weeks that begin with the Mondays first_week, first_week + 7, …, as many
-- as there are days at, on which they are placed. Bit i of used stands for week i - 1: bit 0 is the week before the first.
, used_in AS
(
    SELECT person, t AS tool, groupBitOr(weeks) AS used
    FROM
    (
        SELECT person, tool, groupBitOr(bitShiftLeft(toUInt64(1), intDiv(day - {facts_from:Date}, 7))) AS weeks
        FROM person_day
        WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
          AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
        GROUP BY person, tool
    )
    ARRAY JOIN [toString(tool), 'all'] AS t
    GROUP BY person, t
),
-- In which of the weeks a person used a tool for the first time ever.
began AS
(
    SELECT person, tool, bitShiftLeft(toUInt64(1), intDiv(day - {first_week:Date}, 7)) AS began_in
    FROM first_active FINAL
    WHERE day BETWEEN {first_week:Date} AND {facts_to:Date}
),
enabled_in AS
(
    SELECT
        unit, used_in.tool AS tool, used, began_in,
        bitAnd(here, if(tool IN (SELECT tool FROM licensed), granted_on, every)) AS enabled_on
    FROM used_in
    INNER JOIN placed ON placed.person = used_in.person
    LEFT JOIN granted ON granted.person = used_in.person AND granted.tool = used_in.tool
    LEFT JOIN began ON began.person = used_in.person AND began.tool = used_in.tool
)
SELECT
    {first_week:Date} + 7 * i AS day, {run:UInt64}, unit, tool,
    countIf(now AND first),
    countIf(now AND NOT first AND before),
    countIf(now AND NOT first AND NOT before),
    countIf(NOT now AND before)
FROM
(
    SELECT unit, tool, i, bitTest(used, i + 1) AS now, bitTest(used, i) AS before, bitTest(began_in, i) AS first
    FROM enabled_in
    ARRAY JOIN bitPositionsToArray(bitAnd(enabled_on, bitOr(used, bitShiftRight(used, 1)))) AS i
)
GROUP BY day, unit, tool
