-- Use of each tool and of 'all' in the 28 days that end with each of the days at, which follow each other without a
-- gap. Bit 0 of the activity stands for 27 days before at[1], so that shifted right by i its lowest 28 bits are the
-- window that ends with at[i + 1], whose own bit is the highest of them.
, by_tool AS
(
    SELECT
        person, number AS tool,
        groupBitOr(bit) AS active,
        groupBitOr(bitShiftRight(bitShiftLeft(toUInt64(0xFFFFFFF), offset), 27)) AS windows, -- bit i: active in the window that ends with at[i + 1]
        groupBitOr(if(contribute > 0, bit, 0)) AS created,
        groupBitOr(if(respond > 0 OR share > 0, bit, 0)) AS responded,
        sumForEach(arrayMap(i -> if(offset BETWEEN i AND i + 27, done, 0), range(length(at)))) AS actions
    FROM
    (
        SELECT
            person, contribute, respond, share,
            toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0))) AS number,
            toUInt8(day - at[1] + 27) AS offset,
            bitShiftLeft(toUInt64(1), offset) AS bit,
            contribute + respond + share + meet + consume AS done
        FROM person_day
        WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
          AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
    )
    GROUP BY person, number
),
-- One row a person: the tools' rows, and one of all tools. two and three: the days on which at least so many tools had
-- been used in the window; a single tool counts as three (METRICS: engagement_score).
by_person AS
(
    SELECT person, arrayPushBack(uses, (all_tools, any_active, any_created, any_responded, all_actions, used_by.2, used_by.3)) AS uses
    FROM
    (
        SELECT
            person,
            groupArray((tool, active, created, responded, actions, every, every)) AS uses,
            groupBitOr(active) AS any_active, groupBitOr(created) AS any_created, groupBitOr(responded) AS any_responded, sumForEach(actions) AS all_actions,
            arrayFold((one_two_three, w) -> (bitOr(one_two_three.1, w), bitOr(one_two_three.2, bitAnd(one_two_three.1, w)), bitOr(one_two_three.3, bitAnd(one_two_three.2, w))),
                groupArray(windows), (toUInt64(0), toUInt64(0), toUInt64(0))) AS used_by
        FROM by_tool
        GROUP BY person
    )
),
-- With the units a person is in, numbers too, and 0 for the days without a unit.
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
(SELECT groupUniqArray(unit) FROM people) AS unit_names
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
    if(tool = all_tools, 0, sumIf(acted, enabled))
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
            unit, here, by_use.tool AS tool, active, created, responded, actions, two, three,
            multiIf(unit = 0, 0, by_use.tool IN (SELECT tool FROM licensed), granted_on, every) AS enabled_on
        FROM by_use
        LEFT JOIN granted ON granted.person = by_use.person AND granted.tool = by_use.tool
    )
    ARRAY JOIN range(length(at)) AS i, actions AS acted
    WHERE bitTest(here, i) AND window != 0
)
GROUP BY i, unit, tool
