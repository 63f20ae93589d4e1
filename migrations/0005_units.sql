-- The tree of business units. A unit that only people.csv names has no row here: it is a child of the company.
CREATE TABLE IF NOT EXISTS units
(
    unit         String,
    parent       String,                     -- 'company' at the top
    name         String,
    legacy_entity String,
    version      UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY unit
