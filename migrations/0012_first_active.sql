-- Fact: the day on which a person was active in a tool for the first time, over all retained facts.
CREATE TABLE IF NOT EXISTS first_active
(
    tool    LowCardinality(String),
    person  UInt64,
    day     Date,                            -- 2149-06-06: no activity is left
    version UInt64                           -- the run that wrote it; the highest wins
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tool, person)
