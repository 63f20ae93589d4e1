-- Who is in which unit from when to when: a directory row ends at its effective_to, with the employment, or on the
-- day before the person's next row, whichever comes first. So nobody is in two units on one day.
CREATE VIEW IF NOT EXISTS membership AS
SELECT person, unit, location, hired_on, first_day, last_day
FROM
(
    SELECT
        person, unit, location, hired_on,
        effective_from AS first_day,
        least(effective_to, left_on, leadInFrame(effective_from, 1, toDate(65535)) OVER (
            PARTITION BY person ORDER BY effective_from ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) - 1) AS last_day
    FROM people FINAL
)
WHERE first_day <= last_day
