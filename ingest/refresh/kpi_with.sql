-- What the KPI statements share; it stands before their SELECT.
-- at: the days on which people are placed and access is judged, at most 64. Sets of these days are bits of a number:
-- bit i stands for at[i + 1].
WITH
    {at:Array(Date)} AS at,
    arrayMap(i -> bitShiftLeft(toUInt64(1), i), range(length(at))) AS bits,
    arraySum(bits) AS every,
    -- Who is in which unit on which of the days.
    placed AS
    (
        SELECT person, unit, arraySum(arrayMap((day, bit) -> if(day BETWEEN first_day AND last_day, bit, 0), at, bits)) AS here
        FROM membership
        WHERE first_day <= arrayMax(at) AND last_day >= arrayMin(at)
    ),
    -- Who has a licence of which tool on which of the days; 'all': of any tool.
    granted AS
    (
        SELECT person, t AS tool, groupBitOr(arraySum(arrayMap((day, bit) -> if(day BETWEEN first_day AND last_day, bit, 0), at, bits))) AS granted_on
        FROM licences FINAL
        ARRAY JOIN [toString(tool), 'all'] AS t
        WHERE first_day <= arrayMax(at) AND last_day >= arrayMin(at)
        GROUP BY person, t
    ),
    -- Tools that have a licence row; the others are open to everyone. 'all' is open where one of its tools is.
    licensed AS
    (
        SELECT DISTINCT arrayJoin(if({all_open:Bool}, [toString(tool)], [toString(tool), 'all'])) AS tool FROM licences
    ),
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
