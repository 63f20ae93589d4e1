-- KPI: kpi_use broken down by an attribute of people, for the company as a whole. Only people with access are here.
-- Every column adds up over the values of an attribute.
CREATE TABLE IF NOT EXISTS kpi_by
(
    day         Date,                        -- see adoption.Attributed: not every day
    run         UInt64,
    attribute   LowCardinality(String),      -- 'location', 'role' or 'hire_cohort'
    value       String,                      -- '' where unknown; of hire_cohort the year
    tool        LowCardinality(String),
    active_1    UInt64,
    active_7    UInt64,
    active_28   UInt64,
    active_days UInt64,
    creators    UInt64,
    responders  UInt64,
    consumers   UInt64,
    score       Float64,
    actions     UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, attribute, value)
