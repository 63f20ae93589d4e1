INSERT INTO refreshed (about, day, run)
SELECT about, {from:Date} + number, 1
FROM numbers({length:UInt64})
ARRAY JOIN ['person_day', 'source_day', 'pair_day', 'unknown_day'] AS about
