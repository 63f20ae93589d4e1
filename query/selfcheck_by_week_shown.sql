-- The life cycle that readers see by attribute in the week that ends with the day, of all values together.
SELECT toString(attribute), toString(tool), toFloat64(sum(new)), toFloat64(sum(returning)), toFloat64(sum(resurrected)), toFloat64(sum(dormant))
FROM kpi_by_week
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_by_week' AND day = {day:Date} - 6 GROUP BY day)
GROUP BY attribute, tool
