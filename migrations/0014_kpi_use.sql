-- KPI: use of a tool (or 'all') by the people placed directly in a unit on a day ('unassigned': by people without
-- membership), in the window that ends with that day. All but active_not_enabled speak of enabled people.
-- Every column adds up over units; actions of 'all' are not here: they are the sum over the tools that are shown.
CREATE TABLE IF NOT EXISTS kpi_use
(
    day                Date,
    run                UInt64,
    unit               String,
    tool               LowCardinality(String),
    active_1           UInt64,
    active_7           UInt64,
    active_28          UInt64,
    active_not_enabled UInt64,
    active_days        UInt64,               -- sum over active people of their active days in 28: stickiness × 28 × active_28
    creators           UInt64,
    responders         UInt64,
    consumers          UInt64,
    score              Float64,              -- sum of engagement scores, 0 to 100 a person
    actions            UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, unit)
