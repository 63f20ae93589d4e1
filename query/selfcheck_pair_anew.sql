-- What people of each unit sent on the day to people who have a unit, and of it to those of their own, counted anew.
SELECT unit, sent.tool, toFloat64(sum(n)), toFloat64(sumIf(n, home = unit))
FROM
(
    SELECT person, toString(tool) AS tool, home, sum(interactions) AS n
    FROM pair_day
    INNER JOIN (SELECT person AS other, unit AS home FROM membership WHERE d BETWEEN first_day AND last_day) AS addressed USING (other)
    WHERE day = d AND (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'person_day' AND day = d GROUP BY day)
    GROUP BY person, tool, home
) AS sent
INNER JOIN here USING (person)
GROUP BY unit, sent.tool
