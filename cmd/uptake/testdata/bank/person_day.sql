INSERT INTO person_day (day, run, tool, person, contribute, respond, share, meet, consume, access, duration_s)
WITH arrayMap(i -> {from:Date} + i, range({length:UInt64})) AS days
-- did.sql
SELECT day, 1, tool, person, contribute, respond, share, meet, consume, 0, meet * 1800 FROM did
