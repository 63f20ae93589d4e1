-- The first day over all facts of those whose first_active says 2149-06-06, written since the version given.
INSERT INTO first_active (tool, person, day, version)
WITH
    lost AS (SELECT toString(tool), person FROM first_active FINAL WHERE day = toDate(65535) AND version >= {since:UInt64}),
    current AS
    (
        SELECT day, max(run)
        FROM
        (
            SELECT day, run FROM refreshed WHERE about = 'person_day'
            UNION ALL
            SELECT arrayJoin({written:Array(Date)}) AS day, {run:UInt64} AS run
        )
        GROUP BY day
    )
SELECT t AS tool, person, min(day), {version:UInt64}
FROM person_day
ARRAY JOIN [toString(tool), 'all'] AS t
WHERE (day, run) IN (SELECT * FROM current) AND (t, person) IN (SELECT * FROM lost)
  AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
GROUP BY t, person
