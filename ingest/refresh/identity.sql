-- A random person for every actor who has none yet. A directory import that comes later finds it here, so facts
-- need no second computation when somebody unknown becomes known.
INSERT INTO identity (hash, person, version)
SELECT actor, rand64(), {run:UInt64}
FROM (SELECT DISTINCT actor FROM events WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date} AND class != 'unknown')
WHERE actor NOT IN (SELECT hash FROM identity)
