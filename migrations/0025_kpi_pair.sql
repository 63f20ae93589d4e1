-- KPI: interactions of a day from the people placed directly in a unit on that day to those placed directly in
-- another, or in the same. Those with an end that is in no unit are left out.
CREATE TABLE IF NOT EXISTS kpi_pair
(
    day          Date,
    run          UInt64,
    tool         LowCardinality(String),
    from_unit    LowCardinality(String),
    to_unit      LowCardinality(String),
    interactions UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, from_unit, to_unit)
