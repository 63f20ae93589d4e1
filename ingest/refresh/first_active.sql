-- Brings first_active up to date with the days written under this run. Outside these days it is right already, so
-- somebody who was active on one of them before the day stored began on that one. Somebody whose stored day is one of
-- them, without activity on it any more, began at a day that only all facts can tell: such a row gets the day
-- 2149-06-06, and first_active_rescan.sql looks for the right one. So does a row that has this day already.
-- Tool 'all' is a tool of its own here. Where it is known whose activity changed, only these people are looked at.
INSERT INTO first_active (tool, person, day, version)
WITH toDate(65535) AS never
SELECT tool, person, if(stored != 0 AND (stored_day = never OR found > stored_day), never, found), {run:UInt64}
FROM
(
    SELECT tool, person, min(found) AS found, min(stored_day) AS stored_day, max(stored) AS stored
    FROM
    (
        SELECT t AS tool, person, first_found AS found, toDate(65535) AS stored_day, 0 AS stored
        FROM
        (
            SELECT tool, person, min(day) AS first_found
            FROM person_day
            WHERE day IN {days:Array(Date)} AND run = {run:UInt64}
              AND ({everybody:Bool} OR person IN {people:Array(UInt64)})
              AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
            GROUP BY tool, person
        )
        ARRAY JOIN [toString(tool), 'all'] AS t
        UNION ALL
        SELECT toString(tool) AS tool, person, toDate(65535) AS found, day AS stored_day, 1 AS stored FROM first_active FINAL
        WHERE {everybody:Bool} OR person IN {people:Array(UInt64)}
    )
    GROUP BY tool, person
)
WHERE found < stored_day OR (stored_day IN {days:Array(Date)} AND found > stored_day)
