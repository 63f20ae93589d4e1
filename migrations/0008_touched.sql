-- Spans of days whose figures must be recomputed. A row is written before its cause is acknowledged and marked done
-- only after the figures are in place, so that no crash can leave a stale figure behind.
CREATE TABLE IF NOT EXISTS touched
(
    id        UUID,
    kind      LowCardinality(String),        -- 'facts': events of these days changed; 'kpi': the directory did
    first_day Date,
    last_day  Date,
    at        DateTime64(3, 'UTC'),
    done      UInt8
)
ENGINE = ReplacingMergeTree(done)
ORDER BY id
TTL toDateTime(at) + INTERVAL 1 DAY DELETE WHERE done = 1
