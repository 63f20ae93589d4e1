-- What figures rest on besides events and people: the rows of the directory, how far it has come, the tools with
-- licences, those with events and without, and the first day with events (1970-01-01 where there is none). It decides who
-- has access to a tool without looking at people.
WITH
    (SELECT arraySort(groupUniqArray(toString(tool))) FROM licences) AS licensed,
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
    licensed,
    arraySort(groupUniqArrayIf(toString(tool), NOT has(licensed, tool))),
    count() > 0,
    min(day)
FROM source_day
WHERE (day, run) IN (SELECT * FROM current) AND events > 0
