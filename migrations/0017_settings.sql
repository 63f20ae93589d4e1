-- What the figures were computed with, so that a change of the configuration is noticed ('timezone').
CREATE TABLE IF NOT EXISTS settings
(
    name    String,
    value   String,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY name
