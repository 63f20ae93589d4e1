-- The days with events of each source.
SELECT source, groupUniqArray(day)
FROM source_day
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'source_day' GROUP BY day)
  AND events > 0
GROUP BY source
