-- Habits on the days at, which lie in at most eight weeks: a person is sorted by the 12 ISO weeks that end before a day
-- (METRICS: Habit), so once for all days of a week. Weeks count from first, the Monday 12 weeks before that of at[1], as
-- a number of days since 1970, where it may be below 0: the days of week w + 12 are judged by the weeks w to w + 11.
--
-- What a person did in each of eight such windows is kept in lanes of 16 bits, four to a number: more than 180 actions
-- (15 a week) make no difference, so a day counts 180 at most, and 84 days of that stay below 2^16.
, arrayMap(w -> arraySum(arrayMap((day, bit) -> if(intDiv(toInt32(day) - {first:Int32}, 7) = w + 12, bit, toUInt64(0)), at, bits)), range(8)) AS days_of,
arrayMap(week -> arraySum(arrayMap(w -> if(week BETWEEN w AND w + 11, bitShiftLeft(toUInt64(1), 16 * w), toUInt64(0)), range(4))), range(20)) AS lanes,
arrayMap(week -> arraySum(arrayMap(w -> if(week BETWEEN w + 4 AND w + 15, bitShiftLeft(toUInt64(1), 16 * w), toUInt64(0)), range(4))), range(20)) AS later_lanes,
by_tool AS
(
    SELECT
        person, number AS tool,
        groupBitOr(bitShiftLeft(toUInt32(1), week)) AS weeks,
        sum(done * lanes[week + 1]) AS sums,
        sum(done * later_lanes[week + 1]) AS later_sums
    FROM
    (
        SELECT
            person,
            toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0))) AS number,
            toUInt8(intDiv(toInt32(day) - {first:Int32}, 7)) AS week,
            least(contribute + respond + share + meet + consume, 180) AS done
        FROM person_day
        WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
          AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
    )
    GROUP BY person, number
),
-- One row a person: the tools' rows, and one of all tools.
by_person AS
(
    SELECT person, arrayPushBack(groupArray((tool, weeks, acted)), (all_tools, groupBitOr(weeks), sumForEach(acted))) AS uses
    FROM
    (
        SELECT person, tool, weeks, arrayMap(w -> least(bitAnd(bitShiftRight(if(w < 4, sums, later_sums), 16 * (w % 4)), 0xFFFF), 180), range(8)) AS acted
        FROM by_tool
    )
    GROUP BY person
),
-- On which of the days a person is what: 1 power, 2 habitual, 3 novice, 4 low; the first that fits.
sorted AS
(
    SELECT
        person, use.1 AS tool,
        arrayMap((w, acted) -> multiIf(bitCount(bitAnd(bitShiftRight(use.2, w), 0xFFF)) >= 9, if(acted >= 180, 1, 2), acted >= 12, 3, acted > 0, 4, 0), range(8), use.3) AS habits,
        arraySum(arrayMap((habit, days) -> if(habit = 1, days, 0), habits, days_of)) AS as_power,
        arraySum(arrayMap((habit, days) -> if(habit = 2, days, 0), habits, days_of)) AS as_habitual,
        arraySum(arrayMap((habit, days) -> if(habit = 3, days, 0), habits, days_of)) AS as_novice,
        arraySum(arrayMap((habit, days) -> if(habit = 4, days, 0), habits, days_of)) AS as_low
    FROM by_person
    ARRAY JOIN uses AS use
)
-- People with the same unit, tool and days are counted together before the days are taken apart.
SELECT
    at[i + 1] AS day, {run:UInt64}, unit, tool_names[tool],
    sumIf(people, bitTest(power, i)),
    sumIf(people, bitTest(habitual, i)),
    sumIf(people, bitTest(novice, i)),
    sumIf(people, bitTest(low, i))
FROM
(
    SELECT
        unit, tool,
        bitAnd(as_power, there) AS power, bitAnd(as_habitual, there) AS habitual, bitAnd(as_novice, there) AS novice, bitAnd(as_low, there) AS low,
        count() AS people
    FROM
    (
        SELECT
            unit, sorted.tool AS tool, as_power, as_habitual, as_novice, as_low,
            bitAnd(here, if(tool IN (SELECT tool FROM licensed), granted_on, every)) AS there
        FROM sorted
        INNER JOIN placed ON placed.person = sorted.person
        LEFT JOIN granted ON granted.person = sorted.person AND granted.tool = sorted.tool
    )
    GROUP BY unit, tool, power, habitual, novice, low
)
ARRAY JOIN bitPositionsToArray(bitOr(bitOr(power, habitual), bitOr(novice, low))) AS i
GROUP BY day, unit, tool
