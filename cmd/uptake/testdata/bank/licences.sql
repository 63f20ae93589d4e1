-- Five of the six tools need a licence. Four of five people have one, three of ten of these since a day of the year.
INSERT INTO licences (person, tool, first_day, version)
SELECT
    cityHash64(number % {people:UInt64}, 'person'), ['chat', 'wiki', 'files', 'meetings', 'board'][1 + intDiv(number, {people:UInt64})],
    if(cityHash64(number, 'since') % 10 < 7, toDate('2020-01-01'), {first:Date} + cityHash64(number, 'on') % {days:UInt64}), 1
FROM numbers(5 * {people:UInt64})
WHERE cityHash64(number, 'licence') % 10 < 8
