-- People per day, tool ('' is everybody) and node of the question's scope. units and tools are lists
-- in JSON, in hexadecimal: free text in a parameter would have to be escaped twice, each time in another way.
SELECT
    day,
    tool,
    transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {nodes:Array(UInt32)}, toUInt32(4294967295)) AS node,
    sum(people) AS people
FROM kpi_size
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day IN {days:Array(Date)} GROUP BY day)
  AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
GROUP BY day, tool, node
