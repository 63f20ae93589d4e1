-- Who may use which tool, both ends of the span included.
CREATE TABLE IF NOT EXISTS licences
(
    person    UInt64,
    tool      LowCardinality(String),
    first_day Date,
    last_day  Date DEFAULT toDate(65535),    -- 2149-06-06 where none was given
    version   UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (person, tool, first_day)
