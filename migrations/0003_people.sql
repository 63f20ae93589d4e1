-- The directory as it was received: one row a person and first day in a unit.
CREATE TABLE IF NOT EXISTS people
(
    person         UInt64,
    effective_from Date,
    effective_to   Date DEFAULT toDate(65535), -- last day, 2149-06-06 where none was given
    unit           String,
    location       LowCardinality(String),
    hired_on       Date,                       -- 1970-01-01 where unknown
    left_on        Date DEFAULT toDate(65535), -- last day of employment, 2149-06-06 where none was given
    version        UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (person, effective_from)
