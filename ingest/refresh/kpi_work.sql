-- What people did on the days from..to, by class, and for how many seconds, as numbers of fixed widths (texts.go).
SELECT
    toUInt16(day), toString(tool),
    groupConcat(concat(
        reinterpretAsFixedString(person), reinterpretAsFixedString(contribute), reinterpretAsFixedString(respond), reinterpretAsFixedString(share),
        reinterpretAsFixedString(meet), reinterpretAsFixedString(consume), reinterpretAsFixedString(duration_s)))
FROM person_day
WHERE day BETWEEN {from:Date} AND {to:Date} AND (day, run) IN {current:Array(Tuple(Date, UInt64))}
  AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0 OR duration_s > 0)
GROUP BY day, tool
