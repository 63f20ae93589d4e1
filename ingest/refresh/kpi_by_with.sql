
-- What the statements by attribute share; it stands between kpi_with.sql and theirs. A value of an attribute is a number
-- here: the attribute's in the upper half, in the lower its place in the list of all values. '' is unknown.
, ['location', 'role', 'hire_cohort'] AS attribute_names,
(
    SELECT groupUniqArray(arrayJoin([toString(location), toString(role), if(toUInt16(hired_on) = 0, '', toString(toYear(hired_on)))])) FROM people
) AS value_names,
arrayMap(i -> toUInt32(i), arrayEnumerate(value_names)) AS value_numbers,
-- Which values a person has on which of the days.
described AS
(
    SELECT
        person,
        groupArray((arrayMap((attribute, value) -> bitShiftLeft(toUInt64(attribute), 32) + transform(value, value_names, value_numbers, toUInt32(0)),
            [1, 2, 3], [toString(location), toString(role), if(toUInt16(hired_on) = 0, '', toString(toYear(hired_on)))]), here)) AS stays
    FROM
    (
        SELECT
            person, location, role, hired_on,
            arraySum(arrayMap((day, bit) -> if(day BETWEEN first_day AND last_day, bit, 0), at, bits)) AS here
        FROM membership
        WHERE first_day <= arrayMax(at) AND last_day >= arrayMin(at)
    )
    WHERE here != 0
    GROUP BY person
)
