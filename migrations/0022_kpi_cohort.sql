-- KPI: of those who used a tool for the first time ever in an ISO week (its cohort), how many were active in it in a
-- later week. A cohort's people are placed once and for all: directly in the unit and enabled on the last day of their
-- cohort's week (while it runs: on the last closed day). In the cohort's own week people is its size, kpi_week's new.
-- A week that lies in two months makes two rows. Weeks up to 52 after the cohort's; no row where nobody was active.
CREATE TABLE IF NOT EXISTS kpi_cohort
(
    day    Date,                             -- the Monday of the week of activity
    run    UInt64,
    unit   LowCardinality(String),
    tool   LowCardinality(String),
    cohort Date,                             -- the Monday of the week of first activity
    month  Date,                             -- the first day of the month of first activity
    people UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, run, tool, cohort, month, unit)
