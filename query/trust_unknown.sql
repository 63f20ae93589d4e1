-- Unknown names per source: the most frequent ones, and beside each how many names and events the source has in all.
SELECT source, name, sum(events) AS n, count() OVER (PARTITION BY source) AS names, sum(n) OVER (PARTITION BY source) AS events_of_all
FROM unknown_day
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'unknown_day' AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day)
GROUP BY source, name
ORDER BY source, n DESC, name
LIMIT {top:UInt64} BY source
