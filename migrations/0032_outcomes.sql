-- Results from outside that pilots and campaigns are measured by: leads, tickets, travel cost, hours. Of several values
-- of a unit, day and metric the one received last holds.
CREATE TABLE IF NOT EXISTS outcomes
(
    unit     String,                         -- 'company' for the company as a whole
    date     Date,
    metric   LowCardinality(String),
    value    Float64,
    source   LowCardinality(String),         -- who sent the value that holds
    received UInt64                          -- nanoseconds since 1970, UTC
)
ENGINE = ReplacingMergeTree(received)
ORDER BY (metric, unit, date)
