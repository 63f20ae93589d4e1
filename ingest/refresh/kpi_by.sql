-- Use of each tool and of 'all', as in kpi_use.sql, by the values of each attribute of people. The days at lie at most 36
-- days apart; between them may be days that are not asked for. shifts says how many days each lies after the first: a
-- set of days of activity, shifted right by that, has the window that ends with the day in its lowest 28 bits.
, arrayMap(day -> toUInt8(day - at[1]), at) AS shifts,
by_tool AS
(
    SELECT
        person, number AS tool,
        groupBitOr(bit) AS active,
        groupBitOr(bitShiftRight(bitShiftLeft(toUInt64(0xFFFFFFF), offset), 27)) AS windows, -- bit i: active in the window that ends with at[1] + i
        groupBitOr(if(contribute > 0, bit, 0)) AS created,
        groupBitOr(if(respond > 0 OR share > 0, bit, 0)) AS responded,
        sumForEach(arrayMap(shift -> if(offset BETWEEN shift AND shift + 27, done, 0), shifts)) AS actions
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
by_person AS
(
    SELECT person, arrayPushBack(uses, (all_tools, any_active, any_created, any_responded, all_actions, used_by.2, used_by.3)) AS uses
    FROM
    (
        SELECT
            person,
            groupArray((tool, active, created, responded, actions, toUInt64(18446744073709551615), toUInt64(18446744073709551615))) AS uses,
            groupBitOr(active) AS any_active, groupBitOr(created) AS any_created, groupBitOr(responded) AS any_responded, sumForEach(actions) AS all_actions,
            arrayFold((one_two_three, w) -> (bitOr(one_two_three.1, w), bitOr(one_two_three.2, bitAnd(one_two_three.1, w)), bitOr(one_two_three.3, bitAnd(one_two_three.2, w))),
                groupArray(windows), (toUInt64(0), toUInt64(0), toUInt64(0))) AS used_by
        FROM by_tool
        GROUP BY person
    )
),
by_use AS
(
    SELECT person, stay.1 AS groups, stay.2 AS here, use.1 AS tool, use.2 AS active, use.3 AS created, use.4 AS responded, use.5 AS actions, use.6 AS two, use.7 AS three
    FROM
    (
        SELECT person, stay, uses
        FROM by_person
        INNER JOIN described ON described.person = by_person.person
        ARRAY JOIN stays AS stay
    )
    ARRAY JOIN uses AS use
)
SELECT
    at[i + 1] AS day, {run:UInt64}, attribute_names[bitShiftRight(group, 32)], value_names[bitAnd(group, 0xFFFFFFFF)], tool_names[tool],
    countIf(window >= 0x8000000),
    countIf(window >= 0x200000),
    count(),
    sum(active_days),
    countIf(creates),
    countIf(NOT creates AND responds),
    countIf(NOT creates AND NOT responds),
    sum(100 * least(active_days / 12, 1) * (0.50 + 0.25 * least(acted / active_days / 5, 1) + 0.15 * (creates OR responds) + 0.10 * least(used / 3, 1))),
    if(tool = all_tools, 0, sum(acted))
FROM
(
    SELECT
        i, groups, tool, acted, shifts[i + 1] AS shift,
        bitAnd(bitShiftRight(active, shift), 0xFFFFFFF) AS window,
        bitCount(window) AS active_days,
        bitAnd(bitShiftRight(created, shift), 0xFFFFFFF) != 0 AS creates,
        bitAnd(bitShiftRight(responded, shift), 0xFFFFFFF) != 0 AS responds,
        1 + bitTest(two, shift) + bitTest(three, shift) AS used
    FROM
    (
        SELECT
            groups, by_use.tool AS tool, active, created, responded, actions, two, three,
            bitAnd(here, if(by_use.tool IN (SELECT tool FROM licensed), granted_on, every)) AS enabled_on
        FROM by_use
        LEFT JOIN granted ON granted.person = by_use.person AND granted.tool = by_use.tool
    )
    ARRAY JOIN range(length(at)) AS i, actions AS acted
    WHERE bitTest(enabled_on, i) AND window != 0
)
ARRAY JOIN groups AS group
GROUP BY i, group, tool
