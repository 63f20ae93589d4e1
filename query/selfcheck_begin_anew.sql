-- Who of those with access on the day has been active since the first day on which he or she ever had it, counted anew: whose last
-- day of activity is not before that.
SELECT unit, did.t, toFloat64(count())
FROM
(
    SELECT person, t, max(day) AS latest
    FROM done
    WHERE person IN (SELECT person FROM here) AND (has(open_tools, t) OR (person, t) IN (SELECT person, t FROM granted))
    GROUP BY person, t
) AS did
INNER JOIN here ON here.person = did.person
INNER JOIN (SELECT person, min(first_day) AS came FROM membership WHERE person IN (SELECT person FROM here) GROUP BY person) AS m ON m.person = did.person
LEFT JOIN
(
    SELECT person, t, min(greatest(first_day, stay.first_day)) AS enabled
    FROM (SELECT person, t, first_day, last_day FROM licences FINAL ARRAY JOIN [toString(tool), 'all'] AS t WHERE first_day <= last_day AND person IN (SELECT person FROM here)) AS licence
    INNER JOIN (SELECT person, first_day, last_day FROM membership WHERE person IN (SELECT person FROM here)) AS stay ON stay.person = licence.person
    WHERE first_day <= stay.last_day AND last_day >= stay.first_day
    GROUP BY person, t
) AS l ON l.person = did.person AND l.t = did.t
WHERE latest >= if(has(open_tools, did.t), came, enabled)
GROUP BY unit, did.t
