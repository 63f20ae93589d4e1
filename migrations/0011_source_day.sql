-- Fact: what a source brought of a tool on a day. Gaps are found here.
CREATE TABLE IF NOT EXISTS source_day
(
    day           Date,
    run           UInt64,
    source        LowCardinality(String),
    tool          LowCardinality(String),
    events        UInt64,
    last_time     DateTime64(3, 'UTC'),
    last_received DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, source, tool)
