-- The use of each tool by everybody, which each attribute divides: the sum of the units, which is counted anew elsewhere.
SELECT
    arrayJoin(['location', 'role', 'hire_cohort']) AS attribute, toString(tool), toFloat64(sum(active_1)), toFloat64(sum(active_7)), toFloat64(sum(active_28)), toFloat64(0),
    toFloat64(sum(active_days)), toFloat64(sum(creators)), toFloat64(sum(responders)), toFloat64(sum(consumers)), sum(score), toFloat64(sum(actions))
FROM kpi_use
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_use' AND day = d GROUP BY day) AND unit != 'unassigned'
GROUP BY attribute, tool
