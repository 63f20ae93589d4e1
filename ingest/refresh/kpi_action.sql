-- How often the enabled people of each unit did what on each of the days at, which follow each other without a gap, by the
-- source that brought it: from the events that count, as person_day is made. Signing in is no use of a tool.
SELECT day, {run:UInt64}, unit, tool_names[tool_number], action, class, source, sum(quantity)
FROM
(
    SELECT
        day, person, tool_number, action, class, source, toUInt8(day - at[1]) AS offset, sum(quantity) AS quantity
    FROM
    (
        SELECT
            if(date_only, utc_day, toDate(time, {zone:String})) AS day, actor, action, class, source, quantity,
            toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0))) AS tool_number
        FROM events FINAL
        WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date} AND day BETWEEN {facts_from:Date} AND {facts_to:Date}
          AND quantity > 0 AND class NOT IN ('access', 'unknown')
    ) AS e
    INNER JOIN (SELECT hash, person FROM identity FINAL) AS i ON i.hash = e.actor
    GROUP BY day, person, tool_number, action, class, source
) AS done
INNER JOIN placed ON placed.person = done.person
LEFT JOIN granted ON granted.person = done.person AND granted.tool = done.tool_number
WHERE bitTest(bitAnd(here, if(tool_number IN (SELECT tool FROM licensed), granted_on, every)), offset)
GROUP BY day, unit, tool_number, action, class, source
