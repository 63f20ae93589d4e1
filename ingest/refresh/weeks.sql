-- What each person did with tools in the weeks of the days from..to, counted from the Monday first, a number of
-- days since 1970, where it may be below 0. As in windows.sql.
WITH arrayMap(name -> unhex(name), splitByChar(',', {tools:String})) AS tools
SELECT
    person,
    groupConcat(concat(
        reinterpretAsFixedString(toUInt16(transform(tool, tools, arrayEnumerate(tools), 0))),
        reinterpretAsFixedString(toUInt8(intDiv(toInt32(day) - {first:Int32}, 7))),
        reinterpretAsFixedString(toUInt8(least(contribute + respond + share + meet + consume, {enough:UInt8})))))
FROM person_day
WHERE day BETWEEN {from:Date} AND {to:Date} AND (day, run) IN {current:Array(Tuple(Date, UInt64))}
  AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
  AND person % {groups:UInt64} = {group:UInt64}
  AND ({everybody:Bool} OR person IN {people:Array(UInt64)})
GROUP BY person
