-- The use that readers see.
SELECT
    unit, toString(tool), toFloat64(sum(active_1)), toFloat64(sum(active_7)), toFloat64(sum(active_28)), toFloat64(sum(active_not_enabled)),
    toFloat64(sum(active_days)), toFloat64(sum(creators)), toFloat64(sum(responders)), toFloat64(sum(consumers)), sum(score), toFloat64(sum(actions))
FROM kpi_use
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_use' AND day = {day:Date} GROUP BY day)
  AND has(JSONExtract(unhex({units:String}), 'Array(String)'), unit)
GROUP BY unit, tool
