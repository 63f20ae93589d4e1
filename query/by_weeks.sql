-- Life cycle per week (its Monday), tool and value of an attribute.
SELECT day, tool, value, new, returning, resurrected, dormant
FROM kpi_by_week
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_by_week' AND day IN {days:Array(Date)} GROUP BY day)
  AND attribute = {attribute:String}
  AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
