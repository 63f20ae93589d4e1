-- What the enabled people of each unit did on each of the days at, which follow each other without a gap: all actions by
-- class, then those that count, of each person, tool and class at most so many, then seconds, of each at most so many.
SELECT
    day, {run:UInt64}, unit, tool_names[tool_number],
    sum(contribute), sum(respond), sum(share), sum(meet), sum(consume),
    sum(least(contribute, {counted:UInt64})), sum(least(respond, {counted:UInt64})), sum(least(share, {counted:UInt64})),
    sum(least(meet, {counted:UInt64})), sum(least(consume, {counted:UInt64})),
    sum(least(duration_s, {seconds:UInt64}))
FROM
(
    SELECT
        day, person, contribute, respond, share, meet, consume, duration_s,
        toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0))) AS tool_number,
        toUInt8(day - at[1]) AS offset
    FROM person_day
    WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
      AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0 OR duration_s > 0)
) AS done
INNER JOIN placed ON placed.person = done.person
LEFT JOIN granted ON granted.person = done.person AND granted.tool = done.tool_number
WHERE bitTest(bitAnd(here, if(tool_number IN (SELECT tool FROM licensed), granted_on, every)), offset)
GROUP BY day, unit, tool_number
