-- How many rows of figures some days have.
SELECT sum(n)
FROM
(
    SELECT count() AS n FROM kpi_use WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_use' AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day)
    UNION ALL
    SELECT count() FROM kpi_size WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_size' AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day)
    UNION ALL
    SELECT count() FROM kpi_week WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_week' AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day)
)
