-- What decides who has access to a tool without looking at people: the tools with a licence row, and whether there is
-- a tool with events and without one. sources: the days of source_day that count.
WITH
    (SELECT groupUniqArray(toString(tool)) FROM licences) AS licensed,
    current AS
    (
        SELECT day, max(run)
        FROM
        (
            SELECT day, run FROM refreshed WHERE about = 'source_day'
            UNION ALL
            SELECT arrayJoin({written:Array(Date)}) AS day, {run:UInt64} AS run
        )
        GROUP BY day
    )
SELECT
    arraySort(licensed),
    countIf(NOT has(licensed, tool)) > 0,
    count() > 0,
    min(day)
FROM source_day
WHERE (day, run) IN (SELECT * FROM current) AND events > 0
