-- KPI: life cycle in an ISO week of the people placed directly in a unit and enabled on the week's last day
-- (while the week runs: on the last closed day).
CREATE TABLE IF NOT EXISTS kpi_week
(
    day         Date,                        -- the week's Monday
    run         UInt64,
    unit        String,
    tool        LowCardinality(String),
    new         UInt64,
    returning   UInt64,
    resurrected UInt64,
    dormant     UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, unit)
