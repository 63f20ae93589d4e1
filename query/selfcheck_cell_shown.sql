-- The sizes that groups by several attributes are judged by, of units: they are those of selfcheck_size_anew.sql.
SELECT toString(unit), t, toFloat64(sum(people))
FROM
(
    SELECT unit, arrayJoin(arrayPushFront(arrayMap(tool -> toString(tool), tools), '')) AS t, people
    FROM kpi_cell
    WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_cell' AND day = {day:Date} GROUP BY day)
      AND has(JSONExtract(unhex({units:String}), 'Array(String)'), unit)
)
GROUP BY unit, t
