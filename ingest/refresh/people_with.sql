-- What windows.sql and weeks.sql share; it stands between facts_with.sql and them. They tell of one person a row what he
-- or she did, where he or she belonged between placed_from and placed_to, and which licences there were, each as a row of
-- numbers of fixed widths, lowest byte first (people.go reads them). Persons come in groups, so that no statement holds
-- all of them. Units and what describes people have numbers, too: their places in these lists.
,
    (SELECT arraySort(groupUniqArray(unit)) FROM people) AS unit_names,
    (
        SELECT arraySort(groupUniqArray(arrayJoin([toString(location), toString(role), if(toUInt16(hired_on) = 0, '', toString(toYear(hired_on)))]))) FROM people
    ) AS value_names,
    arrayMap(i -> toUInt32(i), arrayEnumerate(unit_names)) AS unit_numbers,
    arrayMap(i -> toUInt32(i), arrayEnumerate(value_names)) AS value_numbers,
    stays AS
    (
        SELECT
            person,
            groupConcat(concat(
                reinterpretAsFixedString(transform(unit, unit_names, unit_numbers, toUInt32(0))),
                reinterpretAsFixedString(transform(toString(location), value_names, value_numbers, toUInt32(0))),
                reinterpretAsFixedString(transform(toString(role), value_names, value_numbers, toUInt32(0))),
                reinterpretAsFixedString(transform(if(toUInt16(hired_on) = 0, '', toString(toYear(hired_on))), value_names, value_numbers, toUInt32(0))),
                reinterpretAsFixedString(toUInt16(first_day)),
                reinterpretAsFixedString(toUInt16(last_day)))) AS stays
        FROM membership
        WHERE first_day <= {placed_to:Date} AND last_day >= {placed_from:Date} AND person % {groups:UInt64} = {group:UInt64}
        GROUP BY person
    ),
    grants AS
    (
        SELECT
            person,
            groupConcat(concat(
                reinterpretAsFixedString(toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0)))),
                reinterpretAsFixedString(toUInt16(first_day)),
                reinterpretAsFixedString(toUInt16(last_day)))) AS grants
        FROM licences FINAL
        WHERE first_day <= {placed_to:Date} AND last_day >= {placed_from:Date} AND person % {groups:UInt64} = {group:UInt64}
        GROUP BY person
    )
