-- Headcount of each value of an attribute on the first days of months, by which small groups are put together.
SELECT day, pair.1, pair.2, sum(people)
FROM kpi_cell
ARRAY JOIN [('location', toString(location)), ('role', toString(role)), ('hire_cohort', if(hired = 0, '', toString(hired)))] AS pair
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_cell' AND day IN {days:Array(Date)} GROUP BY day)
GROUP BY day, pair
