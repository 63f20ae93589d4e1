-- KPI: people placed directly in a unit on a day; tool '' counts all of them (headcount), another tool those who have
-- access to it. Tools without any licence row have no rows: everyone has access (METRICS: People).
CREATE TABLE IF NOT EXISTS kpi_size
(
    day    Date,
    run    UInt64,
    unit   String,
    tool   LowCardinality(String),
    people UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, unit)
