-- When the people of each unit began with a tool: one value a span of days in the unit with access. The four days that
-- always matter are in one number, 16 bits each.
SELECT
    toString(unit) AS placed,
    groupArray(bitOr(bitOr(toUInt64(toUInt16(first_day)), bitShiftLeft(toUInt64(toUInt16(last_day)), 16)),
        bitOr(bitShiftLeft(toUInt64(toUInt16(enabled)), 32), bitShiftLeft(toUInt64(toUInt16(active)), 48)))),
    groupArray(toUInt16(used))
FROM kpi_begin
WHERE tool = (SELECT JSONExtract(unhex({tool:String}), 'Array(String)')[1])
  AND (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'kpi_begin' GROUP BY day)
  AND used != toDate(65534)
GROUP BY placed
