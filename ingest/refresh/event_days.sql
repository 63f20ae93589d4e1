-- How many rows of events there are of each UTC day.
SELECT utc_day, count() FROM events WHERE utc_day BETWEEN {utc_from:Date} AND {utc_to:Date} GROUP BY utc_day
