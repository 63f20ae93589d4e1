-- Who belongs where on any of the days from..to: of each unit, location, role and year of hiring ('' where unknown) the
-- persons, and from when to when, as numbers of fixed widths (texts.go).
SELECT
    unit, toString(location) AS location, toString(role) AS role, if(toUInt16(hired_on) = 0, '', toString(toYear(hired_on))) AS hired,
    groupConcat(concat(reinterpretAsFixedString(person), reinterpretAsFixedString(toUInt16(first_day)), reinterpretAsFixedString(toUInt16(last_day))))
FROM membership
WHERE first_day <= {to:Date} AND last_day >= {from:Date}
GROUP BY unit, location, role, hired
