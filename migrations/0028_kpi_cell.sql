-- KPI: people of a day by everything that they can be grouped by at once. It says how small the groups are that could
-- be computed from figures broken down in several ways; nothing of it is shown. Several rows may be of one cell.
CREATE TABLE IF NOT EXISTS kpi_cell
(
    day      Date,                           -- see adoption.Attributed: not every day
    run      UInt64,
    unit     LowCardinality(String),         -- in which they are placed directly
    location LowCardinality(String),         -- '' where unknown, like role
    role     LowCardinality(String),
    hired    UInt16,                         -- the year; 0 where unknown
    tools    Array(LowCardinality(String)),  -- licensed tools that they have access to, and 'all' where not everyone has
    people   UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run)
