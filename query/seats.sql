-- Seats of every licensed tool on one day, per unit that people are placed in ('unassigned': held by people without
-- membership): held on the day; held on each of the 28 days that end with it; of these, without activity in the 28
-- days, and without activity ever. Licences that follow each other without a day between are one.
WITH
    {day:Date} AS last,
    last - 27 AS first,
    seats AS
    (
        SELECT
            person, tool,
            max(last_day >= last) AS now,
            -- Bit 0 is the first of the 28 days.
            groupBitOr(bitShiftLeft(bitShiftLeft(toUInt64(1), least(last_day, last) - greatest(first_day, first) + 1) - 1, greatest(first_day, first) - first)) = 0xFFFFFFF AS throughout
        FROM licences FINAL
        WHERE first_day <= last AND last_day >= first
        GROUP BY person, tool
        HAVING now
    ),
    current AS
    (
        SELECT day, max(run) FROM refreshed WHERE about = 'person_day' AND day BETWEEN {day:Date} - 27 AND {day:Date} GROUP BY day
    )
SELECT
    toString(tool),
    if(p.unit = '', 'unassigned', p.unit) AS place,
    count(),
    countIf(throughout),
    countIf(throughout AND NOT active),
    countIf(throughout AND NOT active AND NOT before)
FROM
(
    SELECT
        person, tool, throughout,
        (person, tool) IN
        (
            SELECT person, tool
            FROM person_day
            WHERE day BETWEEN {day:Date} - 27 AND {day:Date} AND (day, run) IN (SELECT * FROM current)
              AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
        ) AS active,
        (person, tool) IN (SELECT person, tool FROM first_active FINAL WHERE day <= {day:Date}) AS before
    FROM seats
) AS s
LEFT JOIN
(
    SELECT person, unit FROM membership WHERE first_day <= {day:Date} AND last_day >= {day:Date}
) AS p ON p.person = s.person
GROUP BY tool, place
