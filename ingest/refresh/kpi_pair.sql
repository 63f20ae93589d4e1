-- Who interacted with whom on the days from..to, and how often, as numbers of fixed widths (texts.go).
SELECT
    toUInt16(day), toString(tool),
    groupConcat(concat(reinterpretAsFixedString(person), reinterpretAsFixedString(other), reinterpretAsFixedString(interactions)))
FROM pair_day
WHERE day BETWEEN {from:Date} AND {to:Date} AND (day, run) IN {current:Array(Tuple(Date, UInt64))}
GROUP BY day, tool
