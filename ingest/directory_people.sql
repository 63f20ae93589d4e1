-- All rows of the people table as they hold now, one person after the other.
SELECT person, unit, location, role,
       toUInt16(effective_from) AS effective_from, toUInt16(effective_to) AS effective_to,
       toUInt16(hired_on) AS hired_on, toUInt16(left_on) AS left_on, version
FROM people FINAL
ORDER BY person, effective_from
