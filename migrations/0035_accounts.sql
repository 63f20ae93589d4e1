-- People who sign in with a name and a password. The newest version of a name holds; a person is disabled, not deleted,
-- because what he or she published bears the name.
CREATE TABLE IF NOT EXISTS accounts
(
    name     String,
    roles    Array(LowCardinality(String)),
    units    Array(String),                  -- that a lead leads
    hash     String,                         -- of the password: argon2id, in the PHC string format
    epoch    UInt64,                         -- how often the password was set: sessions from before are over
    disabled Bool,
    created  DateTime('UTC'),
    version  UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY name
