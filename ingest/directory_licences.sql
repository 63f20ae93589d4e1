-- All rows of the licences table as they hold now, one person and tool after the other.
SELECT person, tool, toUInt16(first_day) AS first_day, toUInt16(last_day) AS last_day, version
FROM licences FINAL
ORDER BY person, tool, first_day
