-- Tokens with which people ask the API in their own name. The newest version of an id holds. A token itself is kept
-- nowhere; what it may is decided by the account of its owner, at each request.
CREATE TABLE IF NOT EXISTS personal_tokens
(
    id      String,                          -- the first 12 hex digits of the hash: names the token, reveals nothing
    hash    String,                          -- SHA-256 of the token, in hex: it has 256 random bits, there is nothing to guess
    owner   String,                          -- name of the account
    epoch   UInt64,                          -- of the account when the token was made: a new password ends it
    name    String,                          -- as the owner calls it
    created DateTime('UTC'),
    used    DateTime('UTC'),                 -- last, to the hour; 1970: never
    revoked Bool,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id
