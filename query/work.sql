-- What was done on some days, by stretches of days on which the same may be shown. keys are tool and day as one number,
-- stretches the first day of the stretch that each is in; units are listed with the places of their people, those outside
-- are left out. The sums of a tool and stretch are one list, twelve numbers a place: a row each would take ten times as long.
SELECT first, tool_place, toString(groupArrayArray(sums))
FROM
(
    SELECT
        transform(tool, JSONExtract(unhex({tools:String}), 'Array(String)'), {tool_places:Array(UInt16)}, toUInt16(65535)) AS tool_place,
        transform(toUInt32(tool_place) * 65536 + toUInt16(day), {keys:Array(UInt32)}, {stretches:Array(UInt16)}, toUInt16(65535)) AS first,
        transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {places:Array(UInt32)}, toUInt32(4294967294)) AS place,
        [
            toUInt64(place),
            sum(contribute), sum(respond), sum(share), sum(meet), sum(consume),
            sum(counted_contribute), sum(counted_respond), sum(counted_share), sum(counted_meet), sum(counted_consume),
            sum(seconds)
        ] AS sums
    FROM kpi_work
    WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_work' AND day IN {days:Array(Date)} GROUP BY day)
      AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
      AND place != 4294967295
    GROUP BY tool_place, first, place
)
GROUP BY first, tool_place
