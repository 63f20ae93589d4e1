-- The sizes that readers see.
SELECT unit, toString(tool), toFloat64(sum(people))
FROM kpi_size
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day = {day:Date} GROUP BY day)
  AND has(JSONExtract(unhex({units:String}), 'Array(String)'), unit)
GROUP BY unit, tool
