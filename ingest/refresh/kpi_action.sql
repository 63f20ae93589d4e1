-- Who did what how often on the days from..to, by the source that brought it: from the events that count, as person_day is
-- made, as numbers of fixed widths (texts.go). Signing in is no use of a tool.
SELECT
    toUInt16(day), toString(tool), toString(action), toString(class), toString(source),
    groupConcat(concat(reinterpretAsFixedString(person), reinterpretAsFixedString(quantity)))
FROM
(
    SELECT if(date_only, utc_day, toDate(time, {zone:String})) AS day, tool, actor, action, class, source, quantity
    FROM events FINAL
    WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date} AND day BETWEEN {from:Date} AND {to:Date}
      AND quantity > 0 AND class NOT IN ('access', 'unknown')
) AS e
INNER JOIN (SELECT hash, person FROM identity FINAL) AS i ON i.hash = e.actor
GROUP BY day, tool, action, class, source
