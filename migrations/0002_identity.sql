-- Which person a keyed hash stands for. A person is a random number: forgetting a person is forgetting rows here.
CREATE TABLE IF NOT EXISTS identity
(
    hash    FixedString(16),
    person  UInt64,
    version UInt64                           -- nanoseconds since 1970; the highest wins
)
ENGINE = ReplacingMergeTree(version)
ORDER BY hash
