INSERT INTO source_day (day, run, source, tool, events, last_time, last_received)
SELECT {from:Date} + intDiv(number, 6) AS day, 1, concat('feed-', tool), ['chat', 'wiki', 'files', 'meetings', 'board', 'mail'][1 + number % 6] AS tool, 1000,
    toDateTime64(day, 3, 'UTC') + 86000, toDateTime64(day, 3, 'UTC') + 86100
FROM numbers(6 * {length:UInt64})
