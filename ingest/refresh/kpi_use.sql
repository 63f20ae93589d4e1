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
-- One row a person: the tools' rows, and one of 'all'. tools: how many of them were used in each window (3 is as good
-- as more, and what a single tool counts as, see METRICS: engagement_score).
by_person AS
(
    SELECT
        person,
        arrayPushBack(
            groupArray((tool, active, created, responded, actions, arrayResize([], length(at), toUInt64(3)))),
            ('all', groupBitOr(active), groupBitOr(created), groupBitOr(responded), sumForEach(actions),
                sumForEach(arrayMap(i -> toUInt64(bitAnd(bitShiftRight(active, i), 0xFFFFFFF) != 0), range(length(at)))))
        ) AS uses
    FROM by_tool
    GROUP BY person
),
-- With the units a person is in, and 'unassigned' for the days on which there is none.
by_unit AS
(
    SELECT person, unit_here.1 AS unit, unit_here.2 AS here, uses
    FROM by_person
    LEFT JOIN
    (
        SELECT person, groupArray((unit, here)) AS units, groupBitOr(here) AS anywhere FROM placed GROUP BY person
    ) AS p ON p.person = by_person.person
    ARRAY JOIN arrayPushBack(units, ('unassigned', bitXor(every, anywhere))) AS unit_here
    WHERE here != 0
),
by_use AS
(
    SELECT person, unit, here, use.1 AS tool, use.2 AS active, use.3 AS created, use.4 AS responded, use.5 AS actions, use.6 AS tools
    FROM by_unit
    ARRAY JOIN uses AS use
)
SELECT
    at[i + 1] AS day, {run:UInt64}, unit, tool,
    countIf(enabled AND window >= 0x8000000),
    countIf(enabled AND window >= 0x200000),
    countIf(enabled),
    countIf(NOT enabled),
    sumIf(active_days, enabled),
    countIf(enabled AND creates),
    countIf(enabled AND NOT creates AND responds),
    countIf(enabled AND NOT creates AND NOT responds),
    sumIf(100 * least(active_days / 12, 1) * (0.50 + 0.25 * least(acted / active_days / 5, 1) + 0.15 * (creates OR responds) + 0.10 * least(used / 3, 1)), enabled),
    if(tool = 'all', 0, sumIf(acted, enabled))
FROM
(
    SELECT
        i, unit, tool, acted, used,
        bitAnd(bitShiftRight(active, i), 0xFFFFFFF) AS window,
        bitCount(window) AS active_days,
        bitAnd(bitShiftRight(created, i), 0xFFFFFFF) != 0 AS creates,
        bitAnd(bitShiftRight(responded, i), 0xFFFFFFF) != 0 AS responds,
        bitTest(enabled_on, i) AS enabled
    FROM
    (
        SELECT
            unit, here, by_use.tool AS tool, active, created, responded, actions, tools,
            multiIf(unit = 'unassigned', 0, tool IN (SELECT tool FROM licensed), granted_on, every) AS enabled_on
        FROM by_use
        LEFT JOIN granted ON granted.person = by_use.person AND granted.tool = by_use.tool
    )
    ARRAY JOIN range(length(at)) AS i, actions AS acted, tools AS used
    WHERE bitTest(here, i) AND window != 0
)
GROUP BY day, unit, tool
