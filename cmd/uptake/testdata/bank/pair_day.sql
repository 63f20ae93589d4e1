-- Of ten interactions six are with neighbours by number, mostly in the same team, two or three with somebody in the
-- same part of the company, the others with anybody.
INSERT INTO pair_day (day, run, tool, person, other, interactions)
SELECT
    {from:Date} + intDiv(number, {pairs:UInt64}) AS day, 1, ['chat', 'wiki', 'files', 'meetings', 'board', 'mail'][1 + cityHash64(number, day, 1) % 6] AS tool,
    cityHash64(who, 'person') AS person, cityHash64(other, 'person') AS whom, count()
FROM
(
    SELECT
        number, day, cityHash64(number, day, 2) % {people:UInt64} AS who, cityHash64(number, day, 3) % 100 AS near, cityHash64(number, day, 4) AS chance,
        toUInt64(multiIf(near < 60, who + 1 + chance % 40, near < 85, who + 1 + chance % 1500, who + 1 + chance % ({people:UInt64} - 1)) % {people:UInt64}) AS other
    FROM (SELECT number, {from:Date} + intDiv(number, {pairs:UInt64}) AS day FROM numbers({pairs:UInt64} * {length:UInt64}))
)
GROUP BY day, tool, person, whom
