-- KPI: what the enabled people placed directly in a unit did with a tool on a day, and on that day alone: actions by
-- class, and the seconds that they spent. What value is worked out from: counted_* holds at most so many actions of each
-- person and class as adoption.CountedAtMost, seconds at most so many of each person as adoption.SecondsAtMost.
-- Everything adds up over units, days and tools.
CREATE TABLE IF NOT EXISTS kpi_work
(
    day                Date,
    run                UInt64,
    unit               String,
    tool               LowCardinality(String),
    contribute         UInt64,
    respond            UInt64,
    share              UInt64,
    meet               UInt64,
    consume            UInt64,
    counted_contribute UInt64,
    counted_respond    UInt64,
    counted_share      UInt64,
    counted_meet       UInt64,
    counted_consume    UInt64,
    seconds            UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, unit)
