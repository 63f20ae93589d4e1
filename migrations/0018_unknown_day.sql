-- Fact: what a source brought on a day under names that have no meaning yet (class 'unknown'). It is in no other fact
-- and in no figure.
CREATE TABLE IF NOT EXISTS unknown_day
(
    day    Date,
    run    UInt64,
    source LowCardinality(String),
    name   String,
    events UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, source, name)
