-- The cohorts that readers see in the week that ends with the day.
SELECT toString(unit), toString(tool), toFloat64(sum(people)), toFloat64(sum(people * intDiv(day - cohort, 7))), toFloat64(sum(people * toUInt16(month)))
FROM kpi_cohort
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_cohort' AND day = {day:Date} - 6 GROUP BY day)
  AND has(JSONExtract(unhex({units:String}), 'Array(String)'), unit)
GROUP BY unit, tool
