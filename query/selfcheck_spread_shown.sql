-- The histograms that readers see, added up.
SELECT
    unit, toString(tool), toFloat64(sum(arraySum(people))), toFloat64(sum(arraySum((amount, n) -> amount * n, amounts, people))),
    toFloat64(sum(arraySum(contributors))), toFloat64(sum(arraySum((amount, n) -> amount * n, contributed, contributors)))
FROM kpi_spread
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_spread' AND day = {day:Date} GROUP BY day)
  AND has(JSONExtract(unhex({units:String}), 'Array(String)'), unit)
GROUP BY unit, tool
