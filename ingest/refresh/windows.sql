-- What people did with tools on the days facts_from..facts_to, one row a person: what, where they belonged and what they
-- had access to on the days at, each as a row of numbers of fixed widths, lowest byte first (windows.go reads them).
-- Persons come in groups, so that no statement holds all of them.
, acts AS
(
    SELECT
        person,
        groupConcat(concat(
            reinterpretAsFixedString(toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0)))),
            reinterpretAsFixedString(toUInt8(day - at[1] + 27)),
            reinterpretAsFixedString(toUInt8(respond > 0 OR share > 0)),
            reinterpretAsFixedString(contribute),
            reinterpretAsFixedString(contribute + respond + share + meet + consume))) AS acts
    FROM person_day
    WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
      AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
      AND person % {groups:UInt64} = {group:UInt64}
    GROUP BY person
),
stays AS
(
    SELECT
        person,
        groupConcat(concat(
            reinterpretAsFixedString(transform(unit, unit_names, unit_numbers, toUInt32(0))),
            reinterpretAsFixedString(transform(location, value_names, value_numbers, toUInt32(0))),
            reinterpretAsFixedString(transform(role, value_names, value_numbers, toUInt32(0))),
            reinterpretAsFixedString(transform(if(toUInt16(hired_on) = 0, '', toString(toYear(hired_on))), value_names, value_numbers, toUInt32(0))),
            reinterpretAsFixedString(here))) AS stays
    FROM
    (
        SELECT
            person, unit, toString(location) AS location, toString(role) AS role, hired_on,
            arraySum(arrayMap((day, bit) -> if(day BETWEEN first_day AND last_day, bit, 0), at, bits)) AS here
        FROM membership
        WHERE first_day <= arrayMax(at) AND last_day >= arrayMin(at) AND person % {groups:UInt64} = {group:UInt64}
    )
    WHERE here != 0
    GROUP BY person
),
grants AS
(
    SELECT person, groupConcat(concat(reinterpretAsFixedString(tool), reinterpretAsFixedString(granted_on))) AS grants
    FROM granted
    WHERE person % {groups:UInt64} = {group:UInt64}
    GROUP BY person
)
SELECT acts, stays, grants
FROM acts
LEFT JOIN stays ON stays.person = acts.person
LEFT JOIN grants ON grants.person = acts.person
