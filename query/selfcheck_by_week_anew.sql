-- The life cycle of everybody in the week that ends with the day, which each attribute divides.
SELECT arrayJoin(['location', 'role', 'hire_cohort']) AS attribute, toString(tool), toFloat64(sum(new)), toFloat64(sum(returning)), toFloat64(sum(resurrected)), toFloat64(sum(dormant))
FROM kpi_week
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_week' AND day = d - 6 GROUP BY day) AND unit != 'unassigned'
GROUP BY attribute, tool
