-- Events per source and day.
SELECT source, day, sum(events)
FROM source_day
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'source_day' GROUP BY day)
GROUP BY source, day
