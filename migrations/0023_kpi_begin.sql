-- KPI: when each person began with a tool (or 'all'), for every span of days on which he or she is in one unit and has
-- access. Whoever knows these spans knows, for each day D, who of the people enabled on D had begun by then, so that
-- there is no figure of each day to keep: an event changes the rows of the few who began with it, and a passing day
-- changes nothing. No reader is told a person; the number is here for the next refresh, which needs what this one found.
CREATE TABLE IF NOT EXISTS kpi_begin
(
    day       Date,                          -- no day: the group of persons, person % 256, because runs are published by day
    run       UInt64,
    tool      LowCardinality(String),
    person    UInt64,
    unit      LowCardinality(String),        -- placed directly there
    first_day Date,
    last_day  Date,                          -- 2149-06-06: no end is known
    enabled   Date,                          -- the first day on which the person ever had access
    active    Date,                          -- the first day of activity ever; 2149-06-06: none
    used      Date                           -- the first day of activity that is not before enabled; 2149-06-06: none; 2149-06-05: no row for readers
)
ENGINE = MergeTree
ORDER BY (tool, day, run, person)
