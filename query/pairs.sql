-- Interactions of some days, per month and tool: for each pair of units, that is of their numbers in the list, how many, as
-- numbers of fixed widths in a text of bytes. A row a pair would take longer to hand over than to add up. Units are numbered
-- when they are added up: there are fewer pairs than rows.
WITH JSONExtract(unhex({units:String}), 'Array(String)') AS units
SELECT
    month, toString(tool),
    groupConcat(concat(
        reinterpretAsFixedString(transform(toString(from_unit), units, {nodes:Array(UInt16)}, toUInt16(65535))),
        reinterpretAsFixedString(transform(toString(to_unit), units, {nodes:Array(UInt16)}, toUInt16(65535))),
        reinterpretAsFixedString(total)))
FROM
(
    SELECT toUInt16(toYear(day) * 12 + toMonth(day)) AS month, tool, from_unit, to_unit, sum(interactions) AS total
    FROM kpi_pair
    WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_pair' AND day IN {days:Array(Date)} GROUP BY day)
      AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
    GROUP BY month, tool, from_unit, to_unit
)
GROUP BY month, tool
