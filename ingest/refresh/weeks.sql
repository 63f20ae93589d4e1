-- What each person did with tools in the weeks of the days facts_from..facts_to, counted from the Monday first, a number of
-- days since 1970, where it may be below 0. As in windows.sql.
, arrayMap(name -> unhex(name), splitByChar(',', {tools:String})) AS tools
SELECT
    person,
    groupConcat(concat(
        reinterpretAsFixedString(toUInt16(transform(tool, tools, arrayEnumerate(tools), 0))),
        reinterpretAsFixedString(toUInt8(intDiv(toInt32(day) - {first:Int32}, 7))),
        reinterpretAsFixedString(toUInt8(least(contribute + respond + share + meet + consume, {enough:UInt8})))))
FROM person_day
WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
  AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
  AND person % {groups:UInt64} = {group:UInt64}
GROUP BY person
