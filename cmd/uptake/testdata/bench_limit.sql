INSERT INTO events (utc_day, source, id, time, date_only, tool, actor, action, class, object, object_type, container,
    counterparts, duration_s, quantity, attributes, received)
SELECT
    toDate(time), 'bench', sipHash128(id), time, false, tool, sipHash128(actor), action, 'contribute',
    lower(hex(sipHash128(object))), object_type, lower(hex(sipHash128(container))),
    arrayMap(c -> sipHash128(c), counterparts), 0, 1, map(), 0
FROM file('FILE', JSONEachRow, 'id String, time DateTime64(3, \'UTC\'), tool String, actor String, action String,
    object String, object_type String, container String, counterparts Array(String)')
SETTINGS optimize_on_insert = 0, date_time_input_format = 'best_effort'
