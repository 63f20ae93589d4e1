-- Who began in a week, by unit and month: what cohorts.sql says of a cohort's own week.
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
  AND cohort = day
