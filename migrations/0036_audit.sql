-- Who did what, for whoever has to account for it. Lines are added and never changed, and are gone after 24 months. A line
-- that was sent twice, because the first answer was lost, counts once.
CREATE TABLE IF NOT EXISTS audit
(
    number  UInt64,                          -- names the line, and orders them: microseconds of at, made unique
    at      DateTime64(6, 'UTC'),
    who     String,                          -- of an account or a token, never an address; '' where the name is none
    what    LowCardinality(String),          -- sign_in, sign_in_refused, sign_out, export, rights, assumptions, published
    about   String,                          -- what it was done to: kind/name, or the page and its part
    outcome LowCardinality(String)           -- done, refused or failed
)
ENGINE = ReplacingMergeTree
ORDER BY number
TTL toDateTime(at, 'UTC') + INTERVAL 24 MONTH DELETE
