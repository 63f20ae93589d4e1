-- The life cycle that readers see of the week that ends with the day.
SELECT unit, toString(tool), toFloat64(sum(new)), toFloat64(sum(returning)), toFloat64(sum(resurrected)), toFloat64(sum(dormant))
FROM kpi_week
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_week' AND day = {day:Date} - 6 GROUP BY day)
  AND has(JSONExtract(unhex({units:String}), 'Array(String)'), unit)
GROUP BY unit, tool
