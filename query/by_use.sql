-- Use per day, tool and value of an attribute.
SELECT day, tool, value, active_1, active_7, active_28, active_days, creators, responders, consumers, score, actions
FROM kpi_by
WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_by' AND day IN {days:Array(Date)} GROUP BY day)
  AND attribute = {attribute:String}
  AND tool IN (SELECT arrayJoin(JSONExtract(unhex({tools:String}), 'Array(String)')))
