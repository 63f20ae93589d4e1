-- Those who readers see to have begun by the day, of those with access on it.
SELECT toString(unit), toString(tool), toFloat64(countIf(used <= {day:Date}))
FROM kpi_begin
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_begin' GROUP BY day)
  AND used != toDate(65534) AND {day:Date} BETWEEN first_day AND last_day
  AND has(JSONExtract(unhex({units:String}), 'Array(String)'), unit)
GROUP BY unit, tool
