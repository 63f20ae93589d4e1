-- Sizes that contradict each other: more people with access than people, or access to any tool for fewer than to one or
-- for more than to each together. There is no row of 'all' where a tool is open to everybody.
SELECT day, unit, arrayJoin(wrong).1 AS tool, arrayJoin(wrong).2 AS figure
FROM
(
    SELECT
        day, unit,
        arrayFilter(c -> c.3, [
            ('all', 'headcount', copies != rows),
            ('all', 'enabled', greatest(widest, any_tool) > headcount),
            ('all', 'enabled', any_there AND (any_tool < widest OR any_tool > together))
        ]) AS wrong
    FROM
    (
        SELECT
            day, unit, count() AS copies, uniqExact(tool) AS rows,
            sumIf(people, tool = '') AS headcount,
            maxIf(people, tool NOT IN ('', 'all')) AS widest,
            sumIf(people, tool NOT IN ('', 'all')) AS together,
            sumIf(people, tool = 'all') AS any_tool,
            countIf(tool = 'all') > 0 AS any_there
        FROM kpi_size
        WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day)
        GROUP BY day, unit
    )
)
LIMIT 1000
