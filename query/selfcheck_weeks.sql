-- Weeks that are over whose active people are not those of the seven days up to their Sunday: both speak of the people
-- enabled on that day.
WITH sundays AS
(
    SELECT day FROM refreshed WHERE about = 'kpi_use' AND toDayOfWeek(day) = 7 AND day BETWEEN {from:Date} AND {to:Date}
      AND day IN (SELECT day + 6 FROM refreshed WHERE about = 'kpi_week')
)
SELECT sunday, unit, tool, 'active' AS figure
FROM
(
    SELECT day + 6 AS sunday, unit, toString(tool) AS tool, new + returning + resurrected AS in_week, toUInt64(0) AS in_days
    FROM kpi_week
    WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_week' GROUP BY day) AND day + 6 IN (SELECT day FROM sundays)
    UNION ALL
    SELECT day AS sunday, unit, toString(tool) AS tool, toUInt64(0), active_7
    FROM kpi_use
    WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_use' GROUP BY day) AND day IN (SELECT day FROM sundays)
)
GROUP BY sunday, unit, tool
HAVING sum(in_week) != sum(in_days)
LIMIT 1000
