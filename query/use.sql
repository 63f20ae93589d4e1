-- Use per day, tool and node of the question's scope.
SELECT
    day,
    tool,
    transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {nodes:Array(UInt32)}, toUInt32(4294967295)) AS node,
    sum(active_1),
    sum(active_7),
    sum(active_28),
    sum(active_not_enabled),
    sum(active_days),
    sum(creators),
    sum(responders),
    sum(consumers),
    sum(score),
    sum(actions)
FROM kpi_use
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_use' AND day IN {days:Array(Date)} GROUP BY day)
  AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
GROUP BY day, tool, node
