-- How actions and contributions spread over people, per day, tool and unit. Lists are written as text: taking them apart
-- here costs less than an element at a time in the driver.
SELECT
    day,
    tool,
    transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {nodes:Array(UInt32)}, toUInt32(4294967295)) AS node,
    toString(amounts),
    toString(people),
    toString(contributed),
    toString(contributors)
FROM kpi_spread
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_spread' AND day IN {days:Array(Date)} GROUP BY day)
  AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
