-- The interactions that readers see.
SELECT toString(from_unit), toString(tool), toFloat64(sum(interactions)), toFloat64(sumIf(interactions, to_unit = from_unit))
FROM kpi_pair
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_pair' AND day = {day:Date} GROUP BY day)
  AND has(JSONExtract(unhex({units:String}), 'Array(String)'), from_unit)
GROUP BY from_unit, tool
