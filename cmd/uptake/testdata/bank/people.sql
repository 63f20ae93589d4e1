-- 500 people lead units of the upper levels, 75 are in ten teams of seven or eight, all others in 290 teams whose sizes
-- lie a factor of six apart. In the year 8 of 100 join, 5 leave, 3 change to another team.
INSERT INTO people (person, effective_from, unit, location, role, hired_on, left_on, version)
WITH
    {first:Date} + cityHash64(number, 'day') % {days:UInt64} AS moment,
    cityHash64(number, 'fate') % 100 AS fate,
    multiIf(number < 500, number % 100, number < 575, 390 + number % 10, 100 + toUInt64(floor(290 * pow((number - 575) / ({people:UInt64} - 575), 1.5)))) AS place
SELECT
    cityHash64(number, 'person'), if(stay = 1, moment, if(fate < 8, moment, toDate('2020-01-01'))),
    concat('unit-', leftPad(toString(if(stay = 1, 100 + (place + 7) % 290, place)), 3, '0')),
    concat('city ', toString(place % 40)), concat('role ', toString(cityHash64(number, 'role') % 12)),
    if(fate < 8, moment, toDate('1995-01-01') + cityHash64(number, 'hired') % 9000),
    if(fate BETWEEN 8 AND 12, moment, toDate(65535)), 1
FROM numbers({people:UInt64})
ARRAY JOIN if(fate > 96 AND number >= 575, [0, 1], [0]) AS stay
