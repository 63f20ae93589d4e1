-- The groups with somebody who begins on another day than readers see, because the activity of the days changed: there
-- is some on a day earlier than the one shown, or none any more on the one shown. Whoever had begun before these days
-- is out of it.
SELECT DISTINCT group
FROM
(
    SELECT day AS group, toString(tool) AS tool, person, enabled, active, used
    FROM kpi_begin
    WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_begin' GROUP BY day)
      AND used >= {first:Date} AND used != toDate(65534)
      AND ({everybody:Bool} OR person IN {people:Array(UInt64)})
) AS began
LEFT JOIN
(
    SELECT t AS tool, person, groupUniqArray(day) AS found
    FROM person_day
    ARRAY JOIN [toString(tool), 'all'] AS t
    WHERE day IN {changed:Array(Date)} AND run = {run:UInt64} AND ({everybody:Bool} OR person IN {people:Array(UInt64)}) AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
    GROUP BY t, person
) AS now ON now.person = began.person AND now.tool = began.tool
WHERE arrayExists(d -> d < active OR (d >= enabled AND d < used), found)
   OR (active IN {changed:Array(Date)} AND NOT has(found, active))
   OR (used IN {changed:Array(Date)} AND NOT has(found, used))
