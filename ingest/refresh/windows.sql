-- What each person did with tools on the days from..to, each day as its distance from first, as numbers of fixed
-- widths (texts.go). A tool is its place in the list tools, of names in hexadecimal digits. Persons come in groups, so
-- that no statement holds all of them. The facts that count: of each day the run in the list current.
WITH arrayMap(name -> unhex(name), splitByChar(',', {tools:String})) AS tools
SELECT
    person,
    groupConcat(concat(
        reinterpretAsFixedString(toUInt16(transform(tool, tools, arrayEnumerate(tools), 0))),
        reinterpretAsFixedString(toUInt8(toInt32(day) - {first:Int32})),
        reinterpretAsFixedString(toUInt8(respond > 0 OR share > 0)),
        reinterpretAsFixedString(contribute),
        reinterpretAsFixedString(contribute + respond + share + meet + consume)))
FROM person_day
WHERE day BETWEEN {from:Date} AND {to:Date} AND (day, run) IN {current:Array(Tuple(Date, UInt64))}
  AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
  AND person % {groups:UInt64} = {group:UInt64}
  AND ({everybody:Bool} OR person IN {people:Array(UInt64)})
GROUP BY person
