-- KPI: habits of the enabled people placed directly in a unit on a day, by what they did in the 12 ISO weeks that end
-- before it (METRICS: Habit). Those who did nothing are the other enabled people: they need no row.
CREATE TABLE IF NOT EXISTS kpi_habit
(
    day      Date,
    run      UInt64,
    unit     String,
    tool     LowCardinality(String),
    power    UInt64,
    habitual UInt64,
    novice   UInt64,
    low      UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, unit)
