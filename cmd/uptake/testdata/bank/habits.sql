INSERT INTO bench_habit
SELECT
    ['chat', 'wiki', 'files', 'meetings', 'board', 'mail'][1 + intDiv(number, {people:UInt64})] AS tool, number % {people:UInt64} AS who, cityHash64(who, 'person'),
    if(cityHash64(number, 'never') % 8 = 0, 0, 330 + cityHash64(number, 'often') % 670),
    {first:Date} + if(cityHash64(number, 'new') % 2 = 1, cityHash64(number, 'begins') % {days:UInt64}, 0)
FROM numbers(6 * {people:UInt64})
