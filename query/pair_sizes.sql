-- The populations of those days and tools ('' is everybody) of which some place holds so few people that something is
-- hidden. Of all others it suffices to know that they are not here. units are listed with the places of their people. The
-- days on which the sizes of all units are the same are one row, and only one of them is looked at: there are few others
-- in a year. Lists are text: they are read faster.
WITH
    alike AS
    (
        SELECT tool, min(day) AS shown, groupArray(day) AS days
        FROM
        (
            SELECT day, tool, sum(cityHash64(unit, people)) AS content
            FROM kpi_size
            WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day IN {days:Array(Date)} GROUP BY day)
              AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
            GROUP BY day, tool
        )
        GROUP BY tool, content
    )
SELECT toString(arrayMap(d -> toUInt16(d), days)), sizes.tool, list
FROM
(
    SELECT day, tool, toString(groupArrayArray([toUInt64(place), people])) AS list
    FROM
    (
        SELECT
            day, tool,
            transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {places:Array(UInt32)}, toUInt32(4294967295)) AS place,
            sum(people) AS people
        FROM kpi_size
        WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day IN (SELECT shown FROM alike) GROUP BY day)
          AND (day, tool) IN (SELECT shown, tool FROM alike)
        GROUP BY day, tool, place
    )
    GROUP BY day, tool
    HAVING countIf(people > 0 AND people < {least:UInt64}) > 0
) AS sizes
INNER JOIN alike ON alike.shown = sizes.day AND alike.tool = sizes.tool
