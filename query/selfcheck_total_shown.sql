-- Of all units together: the active people of each tool, and those without membership; the headcount.
SELECT '' AS everybody, toString(tool), toFloat64(sum(active_28) + sum(active_not_enabled)), toFloat64(sumIf(active_not_enabled, unit = 'unassigned'))
FROM kpi_use
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_use' AND day = {day:Date} GROUP BY day)
GROUP BY tool
UNION ALL
SELECT '', '', toFloat64(sum(people)), 0
FROM kpi_size
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day = {day:Date} GROUP BY day) AND tool = ''
