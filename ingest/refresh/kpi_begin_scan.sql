-- The rows of kpi_begin that wait for it get the first day over all facts on which somebody was active with access.
INSERT INTO kpi_begin (day, run, tool, person, unit, first_day, last_day, enabled, active, used)
WITH
    waiting AS
    (
        SELECT day AS group, toString(tool) AS tool, person, unit, first_day, last_day, enabled, active
        FROM kpi_begin
        WHERE run = {run:UInt64} AND used = toDate(65534)
    ),
    current AS
    (
        SELECT day, max(run)
        FROM
        (
            SELECT day, run FROM refreshed WHERE about = 'person_day' AND day >= {first:Date}
            UNION ALL
            SELECT arrayJoin({written:Array(Date)}) AS day, {run:UInt64} AS run
        )
        GROUP BY day
    )
SELECT group, {run:UInt64}, tool, person, unit, first_day, last_day, enabled, active, if(found.used = toDate(0), toDate(65535), found.used)
FROM waiting
LEFT JOIN
(
    SELECT facts.tool AS tool, facts.person AS person, min(facts.day) AS used
    FROM
    (
        SELECT t AS tool, person, day
        FROM person_day
        ARRAY JOIN [toString(tool), 'all'] AS t
        WHERE day >= {first:Date} AND (day, run) IN (SELECT * FROM current)
          AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
    ) AS facts
    INNER JOIN (SELECT DISTINCT tool, person, enabled FROM waiting) AS pair ON pair.person = facts.person AND pair.tool = facts.tool
    WHERE facts.day >= pair.enabled
    GROUP BY facts.tool, facts.person
) AS found ON found.person = waiting.person AND found.tool = waiting.tool
