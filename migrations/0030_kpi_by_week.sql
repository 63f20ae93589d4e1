-- KPI: kpi_week broken down by an attribute of people, for the company as a whole.
CREATE TABLE IF NOT EXISTS kpi_by_week
(
    day         Date,                        -- the week's Monday
    run         UInt64,
    attribute   LowCardinality(String),
    value       String,
    tool        LowCardinality(String),
    new         UInt64,
    returning   UInt64,
    resurrected UInt64,
    dormant     UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, attribute, value)
