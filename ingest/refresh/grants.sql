-- Who has a licence of which tool on any of the days from..to: of each tool the persons, and from when to when, as
-- numbers of fixed widths (texts.go).
SELECT
    toString(tool) AS tool,
    groupConcat(concat(reinterpretAsFixedString(person), reinterpretAsFixedString(toUInt16(first_day)), reinterpretAsFixedString(toUInt16(last_day))))
FROM licences FINAL
WHERE first_day <= {to:Date} AND last_day >= {from:Date}
GROUP BY tool
