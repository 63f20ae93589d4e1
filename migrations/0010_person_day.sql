-- Fact: what a person did with a tool on a day of the reporting zone, counted by class of action.
CREATE TABLE IF NOT EXISTS person_day
(
    day        Date,
    run        UInt64,
    tool       LowCardinality(String),
    person     UInt64,
    contribute UInt64,
    respond    UInt64,
    share      UInt64,
    meet       UInt64,
    consume    UInt64,
    access     UInt64,
    duration_s UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, person)
