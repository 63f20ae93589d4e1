-- KPI: the counts behind kpi_work: how often the enabled people placed directly in a unit did each action with a tool on
-- a day, by the source that brought it. They come from raw events: a day whose events have gone keeps the rows that it
-- has, and rows of a directory that was other then are not shown beside figures of today's.
CREATE TABLE IF NOT EXISTS kpi_action
(
    day      Date,
    run      UInt64,
    unit     LowCardinality(String),
    tool     LowCardinality(String),
    action   LowCardinality(String),
    class    LowCardinality(String),
    source   LowCardinality(String),
    quantity UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, unit, action, class, source)
