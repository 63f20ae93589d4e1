-- The counts behind work.sql by action, and by source where that is asked for; its parameters mean the same there. A list
-- holds two numbers a place.
SELECT first, tool_place, action, class, brought_by, toString(groupArrayArray([toUInt64(place), quantity]))
FROM
(
    SELECT
        transform(tool, JSONExtract(unhex({tools:String}), 'Array(String)'), {tool_places:Array(UInt16)}, toUInt16(65535)) AS tool_place,
        transform(toUInt32(tool_place) * 65536 + toUInt16(day), {keys:Array(UInt32)}, {stretches:Array(UInt16)}, toUInt16(65535)) AS first,
        transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {places:Array(UInt32)}, toUInt32(4294967294)) AS place,
        toString(kpi_action.action) AS action, toString(kpi_action.class) AS class, if({by_source:Bool}, toString(source), '') AS brought_by,
        sum(kpi_action.quantity) AS quantity
    FROM kpi_action
    WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_action' AND day IN {days:Array(Date)} GROUP BY day)
      AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
      AND place != 4294967295
    GROUP BY tool_place, first, place, action, class, brought_by
)
GROUP BY first, tool_place, action, class, brought_by
