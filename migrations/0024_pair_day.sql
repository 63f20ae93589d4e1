-- Fact: how often a person addressed another with a tool on a day of the reporting zone. Nobody is paired with himself.
CREATE TABLE IF NOT EXISTS pair_day
(
    day          Date,
    run          UInt64,
    tool         LowCardinality(String),
    person       UInt64,                     -- who acted
    other        UInt64,                     -- towards whom
    interactions UInt64                      -- quantity × counterparts
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, person, other)
