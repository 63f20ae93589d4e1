-- How actions and contributions spread over people: the bars of each node's histogram in the order of their amounts, per
-- day. Only the units listed are looked at: the nodes of a question are few, and bars are many.
SELECT
    day, node,
    arraySort(groupArrayIf((amount, people), NOT given)).1, arraySort(groupArrayIf((amount, people), NOT given)).2,
    arraySort(groupArrayIf((amount, people), given)).1, arraySort(groupArrayIf((amount, people), given)).2
FROM
(
    SELECT day, node, bar.1 AS given, bar.2 AS amount, sum(bar.3) AS people
    FROM
    (
        SELECT
            day,
            transform(unit, JSONExtract(unhex({units:String}), 'Array(String)'), {nodes:Array(UInt32)}, toUInt32(4294967295)) AS node,
            arrayJoin(arrayConcat(
                arrayMap((did, n) -> (false, did, n), amounts, people),
                arrayMap((did, n) -> (true, did, n), contributed, contributors))) AS bar
        FROM kpi_spread
        WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_spread' AND day IN {days:Array(Date)} GROUP BY day)
          AND tool = unhex({tool:String})
          AND unit IN (SELECT arrayJoin(JSONExtract(unhex({units:String}), 'Array(String)')))
    )
    GROUP BY day, node, given, amount
)
GROUP BY day, node
