-- How actions and contributions spread over the active people of each unit, in the 28 days that end with each of the
-- days at, which follow each other without a gap. Each person's sums of all windows stay together in one list until
-- the unit's lists are taken apart, a day of a unit and tool at a time: so nothing is ever as long as people × days.
--
-- The sum of a window is what was done until its last day less what was done before its first. (Adding each fact to the
-- sums of the 28 windows that it is in takes twice the time.) Offset 0 is 27 days before at[1].
, by_tool AS
(
    SELECT
        person, tool,
        arrayCumSum(arrayResize(mapPopulateSeries(offsets, daily_acts, toUInt8(length(at) + 26)).2, -toInt64(length(at) + 27))) AS acts_until,
        arrayCumSum(arrayResize(mapPopulateSeries(offsets, daily_gifts, toUInt8(length(at) + 26)).2, -toInt64(length(at) + 27))) AS gifts_until,
        arrayMap((until, before) -> toUInt64(until - before), arraySlice(acts_until, 28), arrayResize(arrayPushFront(acts_until, 0), length(at))) AS acted,
        arrayMap((until, before) -> toUInt64(until - before), arraySlice(gifts_until, 28), arrayResize(arrayPushFront(gifts_until, 0), length(at))) AS contributed
    FROM
    (
        SELECT person, number AS tool, groupArray(offset) AS offsets, groupArray(done) AS daily_acts, groupArray(contribute) AS daily_gifts
        FROM
        (
            SELECT
                person, contribute,
                toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0))) AS number,
                toUInt8(day - at[1] + 27) AS offset,
                contribute + respond + share + meet + consume AS done
            FROM person_day
            WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
              AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
        )
        GROUP BY person, number
    )
),
by_person AS
(
    SELECT person, arrayPushBack(groupArray((tool, acted, contributed)), (all_tools, sumForEach(acted), sumForEach(contributed))) AS uses
    FROM by_tool
    GROUP BY person
),
by_use AS
(
    SELECT person, use.1 AS tool, use.2 AS acted, use.3 AS contributed
    FROM by_person
    ARRAY JOIN uses AS use
),
-- A sum of 0 is nobody's.
by_unit AS
(
    SELECT
        unit, tool,
        groupArrayForEach(if(there = every, acted, arrayMap((sum, bit) -> if(bitAnd(there, bit) != 0, sum, 0), acted, bits))) AS acted_in,
        groupArrayForEach(if(there = every, contributed, arrayMap((sum, bit) -> if(bitAnd(there, bit) != 0, sum, 0), contributed, bits))) AS contributed_in
    FROM
    (
        SELECT
            unit, by_use.tool AS tool, acted, contributed,
            bitAnd(here, if(tool IN (SELECT tool FROM licensed), granted_on, every)) AS there
        FROM by_use
        INNER JOIN placed ON placed.person = by_use.person
        LEFT JOIN granted ON granted.person = by_use.person AND granted.tool = by_use.tool
    )
    WHERE there != 0
    GROUP BY unit, tool
)
SELECT
    day, {run:UInt64}, unit, tool_names[tool], arraySum(gifts),
    arrayMap(i -> acts[i], act_ends), arrayPopFront(arrayDifference(arrayPushFront(act_ends, 0))),
    arrayMap(i -> gifts[i], gift_ends), arrayPopFront(arrayDifference(arrayPushFront(gift_ends, 0)))
FROM
(
    SELECT
        day, unit, tool,
        arraySort(arrayFilter(sum -> sum > 0, act_sums)) AS acts,
        arraySort(arrayFilter(sum -> sum > 0, gift_sums)) AS gifts,
        -- Where an amount stands for the last time: so far reach the people who did as much or less.
        arrayFilter((i, sum, next) -> sum != next, arrayEnumerate(acts), acts, arrayShiftLeft(acts, 1)) AS act_ends,
        arrayFilter((i, sum, next) -> sum != next, arrayEnumerate(gifts), gifts, arrayShiftLeft(gifts, 1)) AS gift_ends
    FROM by_unit
    ARRAY JOIN at AS day, acted_in AS act_sums, contributed_in AS gift_sums
)
WHERE notEmpty(acts)
