-- Who of earlier weeks' cohorts, and of its own, was active in the week that ends with the day, counted anew: how many, and
-- how many weeks ago and in which month they began, added up. They are placed on the last day of their cohort's week.
SELECT unit, did.t, toFloat64(count()), toFloat64(sum(ago)), toFloat64(sum(toUInt16(toStartOfMonth(first))))
FROM
(
    SELECT person, t, min(day) AS first, max(day > d - 7) AS now, toMonday(first) + 6 AS placed_on, intDiv(d - placed_on, 7) AS ago
    FROM done
    WHERE person IN (SELECT person FROM membership WHERE has(asked, unit))
    GROUP BY person, t
    HAVING now AND ago <= 52
) AS did
INNER JOIN (SELECT person, unit, first_day, last_day FROM membership WHERE has(asked, unit)) AS m ON m.person = did.person
LEFT JOIN
(
    SELECT person, t, groupArray((first_day, last_day)) AS spans
    FROM licences FINAL
    ARRAY JOIN [toString(tool), 'all'] AS t
    WHERE person IN (SELECT person FROM membership WHERE has(asked, unit))
    GROUP BY person, t
) AS l ON l.person = did.person AND l.t = did.t
WHERE placed_on BETWEEN m.first_day AND m.last_day AND (has(open_tools, did.t) OR arrayExists(span -> placed_on BETWEEN span.1 AND span.2, spans))
GROUP BY unit, did.t
