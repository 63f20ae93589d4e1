-- The names of units and of what describes people, besides those of tools: each has its place in its list as its number.
, (SELECT arraySort(groupUniqArray(unit)) FROM people) AS unit_names,
(
    SELECT arraySort(groupUniqArray(arrayJoin([toString(location), toString(role), if(toUInt16(hired_on) = 0, '', toString(toYear(hired_on)))]))) FROM people
) AS value_names,
arrayMap(i -> toUInt32(i), arrayEnumerate(unit_names)) AS unit_numbers,
arrayMap(i -> toUInt32(i), arrayEnumerate(value_names)) AS value_numbers
