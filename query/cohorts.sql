-- Who was active in a week, by unit and by the week and month in which they had begun, both as numbers of days since
-- 1970.
SELECT
    day,
    tool,
    transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {nodes:Array(UInt32)}, toUInt32(4294967295)) AS node,
    toUInt16(cohort),
    toUInt16(month),
    people
FROM kpi_cohort
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_cohort' AND day IN {days:Array(Date)} GROUP BY day)
  AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
