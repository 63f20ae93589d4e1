-- The days with figures.
SELECT min(day), max(day) FROM refreshed WHERE about = 'kpi_use'
