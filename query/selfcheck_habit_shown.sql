-- The habits that readers see.
SELECT unit, toString(tool), toFloat64(sum(power)), toFloat64(sum(habitual)), toFloat64(sum(novice)), toFloat64(sum(low))
FROM kpi_habit
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_habit' AND day = {day:Date} GROUP BY day)
  AND has(JSONExtract(unhex({units:String}), 'Array(String)'), unit)
GROUP BY unit, tool
