-- Who interacted with whom on the days facts_from..facts_to, and how often, as numbers of fixed widths (texts.go).
SELECT
    toUInt16(day), toString(tool),
    groupConcat(concat(reinterpretAsFixedString(person), reinterpretAsFixedString(other), reinterpretAsFixedString(interactions)))
FROM pair_day
WHERE day BETWEEN {facts_from:Date} AND {facts_to:Date} AND (day, run) IN (SELECT * FROM current)
GROUP BY day, tool
