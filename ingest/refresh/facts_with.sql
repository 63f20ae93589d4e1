-- What the statements about facts share; it stands first.
WITH
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
