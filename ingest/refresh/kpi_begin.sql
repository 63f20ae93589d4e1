-- The rows of kpi_begin of some groups of persons. first_active is up to date already. The first day of activity that
-- is not before access is the first one of all where that lies so; else it is what readers see, corrected by the days
-- written, as long as access begins on the same day; else only all facts can tell: such a row gets the day 2149-06-05,
-- which no reader takes, and kpi_begin_scan.sql writes the right one.
INSERT INTO kpi_begin (day, run, tool, person, unit, first_day, last_day, enabled, active, used)
WITH
    toDate(65535) AS never,
    toDate(65534) AS unknown,
    sources AS
    (
        SELECT day, max(run)
        FROM
        (
            SELECT day, run FROM refreshed WHERE about = 'source_day'
            UNION ALL
            SELECT arrayJoin({written:Array(Date)}) AS day, {run:UInt64} AS run
        )
        GROUP BY day
    ),
    -- Tools that everyone has access to; all together are open where one of them is.
    (
        SELECT if(empty(groupUniqArray(toString(tool)) AS some), some, arrayPushBack(some, 'all'))
        FROM source_day
        WHERE (day, run) IN (SELECT * FROM sources) AND events > 0 AND tool NOT IN (SELECT tool FROM licences)
    ) AS open,
    stays AS
    (
        SELECT person, unit, first_day, last_day
        FROM membership
        WHERE toDate(person % 256) IN {groups:Array(Date)}
    ),
    -- Licences that overlap or follow each other are one span.
    granted AS
    (
        SELECT
            person, t AS tool,
            arrayFold(
                (done, next) -> if(notEmpty(done) AND next.1 <= done[-1].2 + 1,
                    arrayPushBack(arrayPopBack(done), (done[-1].1, greatest(done[-1].2, next.2))),
                    arrayPushBack(done, next)),
                arraySort(groupArray((toUInt32(first_day), toUInt32(last_day)))),
                CAST([], 'Array(Tuple(UInt32, UInt32))')) AS spans
        FROM licences FINAL
        ARRAY JOIN [toString(tool), 'all'] AS t
        WHERE toDate(person % 256) IN {groups:Array(Date)} AND first_day <= last_day AND NOT has(open, t)
        GROUP BY person, t
    ),
    access AS
    (
        SELECT person, tool, min(first_day) AS enabled, groupArray((unit, first_day, last_day)) AS spans
        FROM
        (
            SELECT
                stays.person AS person, tool, unit,
                greatest(stays.first_day, toDate(span.1)) AS first_day,
                least(stays.last_day, toDate(span.2)) AS last_day
            FROM (SELECT person, tool, arrayJoin(spans) AS span FROM granted) AS g
            INNER JOIN stays ON stays.person = g.person
            WHERE first_day <= last_day
            UNION ALL
            SELECT person, arrayJoin(open) AS tool, unit, first_day, last_day FROM stays
        )
        GROUP BY person, tool
    ),
    shown AS
    (
        SELECT toString(k.tool) AS tool, k.person AS person, any(k.enabled) AS enabled, any(k.used) AS used, 1 AS there
        FROM kpi_begin AS k
        WHERE k.day IN {groups:Array(Date)} AND k.used != unknown
          AND (k.day, k.run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_begin' GROUP BY day)
        GROUP BY k.tool, k.person
    ),
    written AS
    (
        SELECT t AS tool, person, groupUniqArray(day) AS days
        FROM person_day
        ARRAY JOIN [toString(tool), 'all'] AS t
        WHERE day IN {changed:Array(Date)} AND run = {run:UInt64} AND toDate(person % 256) IN {groups:Array(Date)}
          AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
        GROUP BY t, person
    )
SELECT toDate(person % 256), {run:UInt64}, tool, person, span.1, span.2, span.3, enabled, began, used
FROM
(
    SELECT
        access.person AS person, access.tool AS tool, access.enabled AS enabled, spans,
        if(f.there = 1, f.day, never) AS began,
        multiIf(
            began >= enabled, began,
            shown.there = 0 OR shown.enabled != enabled, unknown,
            shown.used IN {changed:Array(Date)} AND NOT has(days, shown.used), unknown,
            least(shown.used, arrayMin(arrayPushBack(arrayFilter(d -> d >= enabled, days), never)))) AS used
    FROM access
    LEFT JOIN
    (
        SELECT toString(tool) AS tool, person, day, 1 AS there FROM first_active FINAL WHERE toDate(person % 256) IN {groups:Array(Date)}
    ) AS f ON f.person = access.person AND f.tool = access.tool
    LEFT JOIN shown ON shown.person = access.person AND shown.tool = access.tool
    LEFT JOIN written ON written.person = access.person AND written.tool = access.tool
)
ARRAY JOIN spans AS span
