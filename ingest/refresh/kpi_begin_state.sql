-- What the table kpi_begin rests on besides events: the rows of the directory, how far the directory has come, the tools with licences, and those
-- with events and without.
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
    (SELECT count() FROM people) + (SELECT count() FROM licences),
    (SELECT max(version) FROM people),
    (SELECT max(version) FROM licences),
    arraySort(licensed),
    (SELECT arraySort(groupUniqArrayIf(toString(tool), NOT has(licensed, tool))) FROM source_day WHERE (day, run) IN (SELECT * FROM current) AND events > 0)
