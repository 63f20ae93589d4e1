-- 400 units in four levels: 4, 16 below them, 80, 300. Neighbours by number are neighbours in the tree.
INSERT INTO units (unit, parent, name, legacy_entity, version)
SELECT
    concat('unit-', leftPad(toString(number), 3, '0')),
    if(number < 4, 'company', concat('unit-', leftPad(toString(multiIf(number < 20, intDiv(number - 4, 4), number < 100, 4 + intDiv(number - 20, 5), 20 + intDiv((number - 100) * 80, 300))), 3, '0'))),
    concat('Unit ', toString(number)), ['', 'Legacy North', 'Legacy South'][1 + number % 3], 1
FROM numbers(400)
