-- Units that people are counted in on any day.
SELECT DISTINCT unit
FROM kpi_size
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' GROUP BY day)
  AND tool = ''
