-- Gives the unknown events of a source and UTC day their meaning. fates is a JSON list of [name, tool, action, tool,
-- class, object_type, quantity]: which events, and what they are now. Each new row has the identity of its old one and
-- was received one nanosecond later, so it wins over that one, loses against whatever the client sends from now on, and
-- is the same row however often this runs.
INSERT INTO events (utc_day, source, id, time, date_only, tool, actor, action, class, object, object_type, container, counterparts, duration_s, quantity, attributes, received)
WITH
    JSONExtract(unhex({fates:String}), 'Array(Tuple(String, String, String, String, String, String, UInt64))') AS fates,
    arrayMap(f -> (f.1, f.2), fates) AS which
SELECT
    utc_day, source, id, time, date_only, fate.4, actor, fate.3, fate.5, object, fate.6, container, counterparts, duration_s, fate.7, attributes, received + 1
FROM
(
    SELECT *, fates[indexOf(which, (toString(action), toString(tool)))] AS fate
    FROM events FINAL
    WHERE utc_day = {day:Date} AND source = {source:String} AND class = 'unknown' AND has(which, (toString(action), toString(tool)))
)
WHERE fate.5 != 'unknown' OR fate.7 != quantity
SETTINGS max_memory_usage = 1000000000, max_insert_threads = 1
