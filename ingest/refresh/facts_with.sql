-- What all statements about figures share; it stands first.
WITH
    -- Names make slow keys: a tool is a number here, its place in this list.
    (
        SELECT arrayConcat(['all', ''], arraySort(groupArray(toString(tool))))
        FROM (SELECT DISTINCT tool FROM (SELECT DISTINCT tool FROM source_day UNION ALL SELECT DISTINCT tool FROM licences))
    ) AS tool_names,
    arrayMap(i -> toUInt16(i), arrayEnumerate(tool_names)) AS tool_numbers,
    -- The facts that count: those that readers see, but of the changed days what this run has written.
    current AS
    (
        SELECT day, max(run)
        FROM
        (
            SELECT day, run FROM refreshed WHERE about = 'person_day' AND day BETWEEN {facts_from:Date} AND {facts_to:Date}
            UNION ALL
            SELECT arrayJoin({written:Array(Date)}) AS day, {run:UInt64} AS run
        )
        GROUP BY day
    )
