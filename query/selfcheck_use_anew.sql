-- The use of each tool in the 28 days that end with the day, counted anew: a row a person and tool, then a sum.
SELECT
    unit, t,
    toFloat64(countIf(may AND today)), toFloat64(countIf(may AND this_week)), toFloat64(countIf(may)), toFloat64(countIf(NOT may)),
    toFloat64(sumIf(days, may)),
    toFloat64(countIf(may AND creates)), toFloat64(countIf(may AND responds AND NOT creates)), toFloat64(countIf(may AND NOT responds AND NOT creates)),
    sumIf(100 * least(days / 12, 1) * (0.50 + 0.25 * least(actions / days / 5, 1) + 0.15 * (creates OR responds) + 0.10 * if(t = 'all', least(tools / 3, 1), 1)), may),
    toFloat64(if(t = 'all', 0, sumIf(actions, may)))
FROM
(
    SELECT
        person, t, max(day = d) AS today, max(day > d - 7) AS this_week, uniqExact(day) AS days, uniqExact(one) AS tools,
        max(contribute > 0) AS creates, max(respond > 0 OR share > 0) AS responds, sum(done.actions) AS actions,
        has(open_tools, t) OR (person, t) IN (SELECT person, t FROM granted) AS may
    FROM done
    WHERE person IN (SELECT person FROM here)
    GROUP BY person, t
) AS did
INNER JOIN here USING (person)
GROUP BY unit, t
