-- Use of each tool and of 'all' in the 28 days that end with each of the days at, which follow each other without a
-- gap. Bit 0 of the activity stands for 27 days before at[1], so that shifted right by i its lowest 28 bits are the
-- window that ends with at[i + 1], whose own bit is the highest of them.
, by_tool AS
(
    SELECT
        person, toString(tool) AS tool,
        groupBitOr(bit) AS active,
        groupBitOr(if(contribute > 0, bit, 0)) AS created,
        groupBitOr(if(respond > 0 OR share > 0, bit, 0)) AS responded,
        sumForEach(arrayMap(i -> if(offset BETWEEN i AND i + 27, done, 0), range(length(at)))) AS actions
    FROM
    (
        SELECT
            person, tool, contribute, respond, share,
            toUInt8(day - at[1] + 27) AS offset,
            bitShiftLeft(toUInt64(1), offset) AS bit,
            contribute + respond + share + meet + consume AS done
        FROM person_day
        WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
          AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
    )
    GROUP BY person, tool
),
-- The days at in whose window there is activity: each step looks as far ahead as all before together, and a bit more,
-- 1 + 1 + 2 + 4 + 8 + 12 = 28 days.
by_window AS
(
    SELECT
        *,
        bitOr(active, bitShiftRight(active, 1)) AS in_2,
        bitOr(in_2, bitShiftRight(in_2, 2)) AS in_4,
        bitOr(in_4, bitShiftRight(in_4, 4)) AS in_8,
        bitOr(in_8, bitShiftRight(in_8, 8)) AS in_16,
        bitOr(in_16, bitShiftRight(in_16, 12)) AS in_28
    FROM by_tool
),
-- One row a person: the tools' rows, and one of 'all'. two and three: the days on which at least so many tools had
-- been used in the window; a single tool counts as three (METRICS: engagement_score).
by_person AS
(
    SELECT
        person,
        arrayFold((have, with) -> (bitOr(have.1, with), bitOr(have.2, bitAnd(have.1, with)), bitOr(have.3, bitAnd(have.2, with))),
            groupArray(in_28), (toUInt64(0), toUInt64(0), toUInt64(0))) AS used_by,
        arrayPushBack(
            groupArray((tool, active, created, responded, actions, every, every)),
            ('all', groupBitOr(active), groupBitOr(created), groupBitOr(responded), sumForEach(actions), used_by.2, used_by.3)
        ) AS uses
    FROM by_window
    GROUP BY person
),
-- With the units a person is in, and 0 for the days without a unit.
by_unit AS
(
    SELECT person, unit_here.1 AS unit, unit_here.2 AS here, uses
    FROM by_person
    LEFT JOIN
    (
        SELECT person, groupArray((toUInt32(indexOf(unit_names, unit)), here)) AS stays, groupBitOr(here) AS anywhere FROM placed GROUP BY person
    ) AS p ON p.person = by_person.person
    ARRAY JOIN arrayPushBack(stays, (toUInt32(0), bitXor(every, anywhere))) AS unit_here
    WHERE here != 0
),
by_use AS
(
    SELECT person, unit, here, use.1 AS tool, use.2 AS active, use.3 AS created, use.4 AS responded, use.5 AS actions, use.6 AS two, use.7 AS three
    FROM by_unit
    ARRAY JOIN uses AS use
),
-- Names are long keys: units and tools are numbers from here on, their places in the lists.
(SELECT groupUniqArray(unit) FROM membership) AS unit_names,
(SELECT arrayPushBack(groupUniqArray(toString(tool)), 'all') FROM source_day) AS tool_names
SELECT
    at[i + 1] AS day, {run:UInt64}, if(unit = 0, 'unassigned', unit_names[unit]), tool_names[tool],
    countIf(enabled AND window >= 0x8000000),
    countIf(enabled AND window >= 0x200000),
    countIf(enabled),
    countIf(NOT enabled),
    sumIf(active_days, enabled),
    countIf(enabled AND creates),
    countIf(enabled AND NOT creates AND responds),
    countIf(enabled AND NOT creates AND NOT responds),
    sumIf(100 * least(active_days / 12, 1) * (0.50 + 0.25 * least(acted / active_days / 5, 1) + 0.15 * (creates OR responds) + 0.10 * least(used / 3, 1)), enabled),
    if(tool_names[tool] = 'all', 0, sumIf(acted, enabled))
FROM
(
    SELECT
        i, unit, tool, acted,
        bitAnd(bitShiftRight(active, i), 0xFFFFFFF) AS window,
        bitCount(window) AS active_days,
        bitAnd(bitShiftRight(created, i), 0xFFFFFFF) != 0 AS creates,
        bitAnd(bitShiftRight(responded, i), 0xFFFFFFF) != 0 AS responds,
        1 + bitTest(two, i) + bitTest(three, i) AS used,
        bitTest(enabled_on, i) AS enabled
    FROM
    (
        SELECT
            unit, here, toUInt32(indexOf(tool_names, by_use.tool)) AS tool, active, created, responded, actions, two, three,
            multiIf(unit = 0, 0, by_use.tool IN (SELECT tool FROM licensed), granted_on, every) AS enabled_on
        FROM by_use
        LEFT JOIN granted ON granted.person = by_use.person AND granted.tool = by_use.tool
    )
    ARRAY JOIN range(length(at)) AS i, actions AS acted
    WHERE bitTest(here, i) AND window != 0
)
GROUP BY i, unit, tool
