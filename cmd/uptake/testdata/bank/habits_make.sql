-- How each person uses each tool: of 1,000 working days on so many, from a day on. One of eight never does, and half
-- of the others begin in the year.
CREATE TABLE bench_habit (tool LowCardinality(String), number UInt32, person UInt64, often UInt16, begins Date)
ENGINE = MergeTree ORDER BY (tool, number)
