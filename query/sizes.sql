-- People per day, tool ('' is everybody) and node of the question's scope. units and tools come as hexadecimal text,
-- because a list of free text would have to be escaped twice.
SELECT
    day,
    tool,
    transform(unit, arrayMap(x -> unhex(x), splitByChar(',', {units:String})), {nodes:Array(UInt32)}, toUInt32(4294967295)) AS node,
    sum(people) AS people
FROM kpi_size
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day IN {days:Array(Date)} GROUP BY day)
  AND tool IN (SELECT arrayJoin(arrayMap(x -> unhex(x), splitByChar(',', {tools:String}))))
GROUP BY day, tool, node
