-- What somebody has said about a tool. A tool that only events or licences name has no row here.
CREATE TABLE IF NOT EXISTS tools
(
    tool     LowCardinality(String),
    name     String,
    category LowCardinality(String),
    vendor   String,
    seats    UInt32,                         -- bought; 0 where unknown
    price    Decimal(18, 4),                 -- a seat and year; 0 where unknown
    currency LowCardinality(String),
    version  UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY tool
