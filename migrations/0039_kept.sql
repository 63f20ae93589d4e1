-- What was worked out from figures and is much work, kept so that a restart does not work it out again. It is nothing but
-- speed: without a row it is worked out anew. The key names all that a value follows from, the program among it.
CREATE TABLE IF NOT EXISTS kept
(
    about LowCardinality(String),            -- judgements, seats, seated, pairs
    key   String,                            -- a hash
    at    DateTime('UTC'),
    value String CODEC(ZSTD(1))              -- of counts, never of people; only the program that wrote it can read it
)
ENGINE = ReplacingMergeTree
ORDER BY (about, key)
TTL at + INTERVAL 40 DAY DELETE
SETTINGS index_granularity = 16
