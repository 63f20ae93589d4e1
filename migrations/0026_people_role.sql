-- What a person does: an attribute that figures are broken down by, like the location.
ALTER TABLE people ADD COLUMN IF NOT EXISTS role LowCardinality(String) AFTER location
