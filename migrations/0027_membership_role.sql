-- Who is in which unit from when to when, with the role, too; else as in 0004.
CREATE OR REPLACE VIEW membership AS
SELECT person, unit, location, role, hired_on, first_day, last_day
FROM
(
    SELECT
        person, unit, location, role, hired_on,
        effective_from AS first_day,
        least(effective_to, left_on, leadInFrame(effective_from, 1, toDate(65535)) OVER (
            PARTITION BY person ORDER BY effective_from ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) - 1) AS last_day
    FROM people FINAL
)
WHERE first_day <= last_day
