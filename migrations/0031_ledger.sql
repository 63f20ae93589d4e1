-- What people entered and published: assumptions, pilots, targets and the like. Rows are added, never changed or
-- deleted; a record is the rows of a kind and id, the newest revision is what holds.
CREATE TABLE IF NOT EXISTS ledger
(
    kind     LowCardinality(String),
    id       String,
    revision UInt64,                         -- 1, 2, … of the kind and id
    at       DateTime64(3, 'UTC'),           -- when it was written; never before that of the revision before
    author   String,                         -- the user's name, or the token's
    reason   String,
    body     String                          -- a JSON object
)
ENGINE = MergeTree
ORDER BY (kind, id, revision)
