-- One row an event, as it was accepted. Sorted by day first, because facts are recomputed day by day, and FINAL
-- over one day is fast only then. Of several rows of one identity the highest `received` wins.
CREATE TABLE IF NOT EXISTS events
(
    utc_day      Date,                       -- UTC day of time: part of the event's identity
    source       LowCardinality(String),
    id           FixedString(16),            -- keyed hash of the source's id
    time         DateTime64(3, 'UTC'),
    date_only    Bool,                       -- the record bore no time: it counts on utc_day in every zone
    tool         LowCardinality(String),
    actor        FixedString(16),            -- keyed hash of the address
    action       LowCardinality(String),
    class        LowCardinality(String),
    object       String,
    object_type  LowCardinality(String),
    container    String,
    counterparts Array(FixedString(16)),
    duration_s   UInt32,
    quantity     UInt64,
    attributes   Map(LowCardinality(String), String),
    received     UInt64                      -- nanoseconds since 1970, strictly rising in the order of acceptance
)
ENGINE = ReplacingMergeTree(received)
PARTITION BY toYYYYMM(utc_day)
ORDER BY (utc_day, source, id)
SETTINGS non_replicated_deduplication_window = 1000
