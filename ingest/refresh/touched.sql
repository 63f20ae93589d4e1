-- What was touched and is not in the figures yet.
SELECT id, kind, first_day, last_day, at
FROM touched FINAL
WHERE done = 0
