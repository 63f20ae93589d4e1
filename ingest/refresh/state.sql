-- What readers see: the run of each table and day.
SELECT toString(about), day, max(run) FROM refreshed GROUP BY about, day
