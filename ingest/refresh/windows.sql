-- What each person did with tools on the days facts_from..facts_to, each day as its distance from first, as numbers of fixed
-- widths (texts.go). A tool is its place in the list tools, of names in hexadecimal digits. Persons come in groups, so
-- that no statement holds all of them.
, arrayMap(name -> unhex(name), splitByChar(',', {tools:String})) AS tools
SELECT
    person,
    groupConcat(concat(
        reinterpretAsFixedString(toUInt16(transform(tool, tools, arrayEnumerate(tools), 0))),
        reinterpretAsFixedString(toUInt8(toInt32(day) - {first:Int32})),
        reinterpretAsFixedString(toUInt8(respond > 0 OR share > 0)),
        reinterpretAsFixedString(contribute),
        reinterpretAsFixedString(contribute + respond + share + meet + consume)))
FROM person_day
WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
  AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
  AND person % {groups:UInt64} = {group:UInt64}
GROUP BY person
