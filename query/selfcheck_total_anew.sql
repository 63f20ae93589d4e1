-- Of all people: how many were active in the 28 days with each tool, and how many of them had no membership on the day.
SELECT '' AS everybody, t, toFloat64(uniqExact(person)), toFloat64(uniqExactIf(person, person NOT IN (SELECT person FROM membership WHERE d BETWEEN first_day AND last_day)))
FROM done
GROUP BY t
UNION ALL
SELECT '', '', toFloat64(uniqExact(person)), 0 FROM membership WHERE d BETWEEN first_day AND last_day
