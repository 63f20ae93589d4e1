-- The number under which a day of a table was last written completely. All rows of one refresh come in one insert,
-- so readers see every table and day of it change at the same moment.
CREATE TABLE IF NOT EXISTS refreshed
(
    about LowCardinality(String),            -- the table's name
    day   Date,
    run   UInt64                             -- the highest wins
)
ENGINE = ReplacingMergeTree(run)
ORDER BY (about, day)
