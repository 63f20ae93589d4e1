-- The sets of tools that people of a day have access to, and of those whose seats they have held for 28 days.
SELECT DISTINCT cityHash64(tools, seated), arrayMap(tool -> toString(tool), tools), arrayMap(tool -> toString(tool), seated)
FROM kpi_cell
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_cell' AND day = {day:Date} GROUP BY day)
