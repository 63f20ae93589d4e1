-- Contributions in the window, per day, tool and node of the question's scope.
SELECT
    day,
    tool,
    transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {nodes:Array(UInt32)}, toUInt32(4294967295)) AS node,
    sum(contributions)
FROM kpi_spread
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_spread' AND day IN {days:Array(Date)} GROUP BY day)
  AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
GROUP BY day, tool, node
