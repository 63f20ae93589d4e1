-- Refused records per source, day, field and reason.
SELECT source, day, field, reason, sum(events)
FROM rejected
WHERE day BETWEEN {from:Date} AND {to:Date}
GROUP BY source, day, field, reason
