-- How many rows of events there are of each UTC day, how many that address somebody, and how many with an unknown name.
SELECT utc_day, count(), countIf(notEmpty(counterparts)), countIf(class = 'unknown')
FROM events
WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date}
GROUP BY utc_day
