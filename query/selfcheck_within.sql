-- Rows of kpi_use that contradict themselves or the sizes beside them, and rows that are there twice. open: the tools
-- that everybody has access to.
WITH JSONExtract(unhex({open:String}), 'Array(String)') AS open_tools
SELECT day, unit, tool, arrayJoin(wrong) AS figure
FROM
(
    SELECT
        day, unit, tool,
        arrayMap(c -> c.1, arrayFilter(c -> c.2, [
            ('rows', copies != 1),
            ('active_1', active_1 > active_7),
            ('active_7', active_7 > active_28),
            ('active_28', active_28 > enabled),
            ('active_not_enabled', unit != 'unassigned' AND active_28 + active_not_enabled > headcount),
            ('active_days', active_days < active_28 OR active_days > 28 * active_28),
            ('creators', creators + responders + consumers != active_28),
            ('engagement_score', NOT (score BETWEEN 0 AND 100 * active_28 + 0.001))
        ])) AS wrong
    FROM
    (
        SELECT
            day, unit, toString(tool) AS tool, if(has(open_tools, tool), '', tool) AS sized, count() AS copies,
            sum(u.active_1) AS active_1, sum(u.active_7) AS active_7, sum(u.active_28) AS active_28,
            sum(u.active_not_enabled) AS active_not_enabled, sum(u.active_days) AS active_days,
            sum(u.creators) AS creators, sum(u.responders) AS responders, sum(u.consumers) AS consumers, sum(u.score) AS score
        FROM kpi_use AS u
        WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_use' AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day)
        GROUP BY day, unit, tool
    ) AS used
    LEFT JOIN
    (
        SELECT day, unit, toString(tool) AS sized, sum(people) AS enabled
        FROM kpi_size
        WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day)
        GROUP BY day, unit, sized
    ) AS sizes USING (day, unit, sized)
    LEFT JOIN
    (
        SELECT day, unit, sum(people) AS headcount
        FROM kpi_size
        WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day)
          AND tool = ''
        GROUP BY day, unit
    ) AS heads USING (day, unit)
)
LIMIT 1000
