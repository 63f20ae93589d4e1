-- Units that figures or the directory name on a day.
SELECT DISTINCT unit
FROM
(
    SELECT unit FROM kpi_size WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day = {day:Date} GROUP BY day)
    UNION ALL
    SELECT unit FROM kpi_use WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_use' AND day = {day:Date} GROUP BY day)
    UNION ALL
    SELECT unit FROM membership WHERE {day:Date} BETWEEN first_day AND last_day
)
WHERE unit != 'unassigned'
ORDER BY unit
