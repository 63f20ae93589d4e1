-- People of a day by everything that they can be grouped by at once. access stands for the tools of by_access.sql. They
-- come in an order, because what is hidden can depend on it, and must be the same whenever it is judged.
SELECT toString(unit), toString(location), toString(role), if(hired = 0, '', toString(hired)), cityHash64(tools, seated) AS access, sum(people)
FROM kpi_cell
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_cell' AND day = {day:Date} GROUP BY day)
GROUP BY unit, location, role, hired, access
ORDER BY unit, location, role, hired, access
