-- Interactions of some days, per month, tool and pair of places. units are listed with the places of their people, tools
-- with theirs in the question's list; what has both ends outside is left out. Numbers, because names make slow keys.
SELECT
    toUInt16(toYear(day) * 12 + toMonth(day)) AS month,
    transform(tool, JSONExtract(unhex({tools:String}), 'Array(String)'), {tool_places:Array(UInt16)}, toUInt16(65535)) AS tool_place,
    transform(from_unit, JSONExtract(unhex({units:String}), 'Array(String)'), {places:Array(UInt16)}, toUInt16(65535)) AS from_place,
    transform(to_unit, JSONExtract(unhex({units:String}), 'Array(String)'), {places:Array(UInt16)}, toUInt16(65535)) AS to_place,
    sum(interactions)
FROM kpi_pair
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_pair' AND day IN {days:Array(Date)} GROUP BY day)
  AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
  AND (from_place != {outside:UInt16} OR to_place != {outside:UInt16})
GROUP BY month, tool_place, from_place, to_place
