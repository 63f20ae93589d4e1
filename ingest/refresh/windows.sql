-- What people did with tools on the days facts_from..facts_to, each day as its distance from first.
, acts AS
(
    SELECT
        person,
        groupConcat(concat(
            reinterpretAsFixedString(toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0)))),
            reinterpretAsFixedString(toUInt8(toInt32(day) - {first:Int32})),
            reinterpretAsFixedString(toUInt8(respond > 0 OR share > 0)),
            reinterpretAsFixedString(contribute),
            reinterpretAsFixedString(contribute + respond + share + meet + consume))) AS acts
    FROM person_day
    WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
      AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
      AND person % {groups:UInt64} = {group:UInt64}
    GROUP BY person
)
SELECT acts, stays, grants
FROM acts
LEFT JOIN stays ON stays.person = acts.person
LEFT JOIN grants ON grants.person = acts.person
