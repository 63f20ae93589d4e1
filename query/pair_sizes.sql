-- The populations of those days and tools ('' is everybody) of which some place holds so few people that something is
-- hidden. Of all others it suffices to know that they are not here. units are listed with the places of their people.
SELECT day, tool, groupArray(place), groupArray(people)
FROM
(
    SELECT
        day, tool,
        transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {places:Array(UInt32)}, toUInt32(4294967295)) AS place,
        sum(people) AS people
    FROM kpi_size
    WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day IN {days:Array(Date)} GROUP BY day)
      AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
    GROUP BY day, tool, place
)
GROUP BY day, tool
HAVING countIf(people > 0 AND people < {least:UInt64}) > 0
