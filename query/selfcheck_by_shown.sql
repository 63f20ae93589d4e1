-- The use that readers see by attribute, of all values together.
SELECT
    toString(attribute), toString(tool), toFloat64(sum(active_1)), toFloat64(sum(active_7)), toFloat64(sum(active_28)), toFloat64(0),
    toFloat64(sum(active_days)), toFloat64(sum(creators)), toFloat64(sum(responders)), toFloat64(sum(consumers)), sum(score), toFloat64(sum(actions))
FROM kpi_by
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_by' AND day = {day:Date} GROUP BY day)
GROUP BY attribute, tool
