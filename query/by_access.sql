-- The sets of tools that people of a day have access to.
SELECT DISTINCT cityHash64(tools), arrayMap(tool -> toString(tool), tools)
FROM kpi_cell
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_cell' AND day = {day:Date} GROUP BY day)
