-- Which source has brought events of which tool, from when to when.
SELECT source, tool, min(day), max(day), max(last_time), max(last_received)
FROM source_day
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'source_day' GROUP BY day)
  AND events > 0
GROUP BY source, tool
ORDER BY source, tool
