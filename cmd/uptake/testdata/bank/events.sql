-- What was done on the newest days is events: one a class, with a quantity. One response of five has somebody to whom
-- it was.
INSERT INTO events (utc_day, source, id, time, tool, actor, action, class, object_type, counterparts, quantity, received)
WITH arrayMap(i -> {from:Date} + i, range({length:UInt64})) AS days
-- did.sql
SELECT
    day, concat('feed-', tool), unhex(hex(sipHash128(number, tool, day, class))), toDateTime64(day, 3, 'UTC') + bitAnd(chance, 65535), tool, actors.hash, class, class, 'page',
    if(class = 'respond' AND bitAnd(bitShiftRight(chance, 40), 7) = 0, [counterparts.hash], []), quantity, 1 + toUInt64(number)
FROM
(
    SELECT
        did.day AS day, did.tool AS tool, did.number AS number, did.chance AS chance, done.1 AS class, done.2 AS quantity,
        toUInt32((did.number + 1 + bitShiftRight(did.chance, 44) % if(bitAnd(bitShiftRight(did.chance, 43), 1) = 1, 40, 1500)) % {people:UInt64}) AS other
    FROM did
    ARRAY JOIN arrayFilter(d -> d.2 > 0, [('contribute', contribute), ('respond', respond), ('share', share), ('meet', meet), ('consume', consume)]) AS done
) AS deed
INNER JOIN bench_people AS actors ON actors.who = deed.number
INNER JOIN bench_people AS counterparts ON counterparts.who = deed.other
