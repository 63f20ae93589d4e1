-- Who used which tool, or any, for the first time ever on which of the days from..to: of each tool the persons and days, as
-- numbers of fixed widths (texts.go).
SELECT
    toString(tool) AS tool,
    groupConcat(concat(reinterpretAsFixedString(person), reinterpretAsFixedString(toUInt16(day))))
FROM first_active FINAL
WHERE day BETWEEN {from:Date} AND {to:Date} AND ({everybody:Bool} OR person IN {people:Array(UInt64)})
GROUP BY tool
