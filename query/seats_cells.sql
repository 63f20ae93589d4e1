-- The seats of a day held for 28 days as groups by attribute were judged beside them: per unit and tool.
SELECT toString(tool), toString(unit), sum(people)
FROM kpi_cell
ARRAY JOIN seated AS tool
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_cell' AND day = {day:Date} GROUP BY day)
GROUP BY tool, unit
