-- A random person for every actor, and everyone addressed by an active one, who has none yet. A directory import that
-- comes later finds it here, so facts need no second computation when somebody unknown becomes known.
INSERT INTO identity (hash, person, version)
SELECT hash, rand64(), {run:UInt64}
FROM
(
    SELECT DISTINCT arrayJoin(arrayPushBack(if(class = 'access' OR quantity = 0, [], counterparts), actor)) AS hash
    FROM events
    WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date} AND class != 'unknown'
)
WHERE hash NOT IN (SELECT hash FROM identity)
