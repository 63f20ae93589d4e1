CREATE TABLE bench_people (who UInt32, hash FixedString(16)) ENGINE = MergeTree ORDER BY who
