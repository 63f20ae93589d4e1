-- How many records of a source were refused on a day, by field and reason. No content is kept.
CREATE TABLE IF NOT EXISTS rejected
(
    day    Date,                             -- UTC day of the refusal
    source LowCardinality(String),
    field  LowCardinality(String),
    reason LowCardinality(String),
    events UInt64
)
ENGINE = SummingMergeTree(events)
ORDER BY (day, source, field, reason)
