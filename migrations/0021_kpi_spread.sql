-- KPI: how actions and contributions in the window that ends with a day spread over the enabled people placed directly
-- in a unit, as histograms: people[i] of them did amounts[i] actions, contributors[i] made contributed[i] contributions.
-- Amounts ascend, each is there once, and none is 0: who did nothing is in no bar.
CREATE TABLE IF NOT EXISTS kpi_spread
(
    day           Date,
    run           UInt64,
    unit          String,
    tool          LowCardinality(String),
    contributions UInt64,                    -- of all of them
    amounts       Array(UInt64) CODEC(Delta, ZSTD),
    people        Array(UInt64) CODEC(T64, ZSTD),
    contributed   Array(UInt64) CODEC(Delta, ZSTD),
    contributors  Array(UInt64) CODEC(T64, ZSTD)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, unit)
SETTINGS index_granularity = 256             -- rows are large, and a question is about one tool
