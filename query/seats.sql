-- Seats of licensed tools on one day, per unit that people are placed in ('unassigned': held by people without
-- membership): held on the day; held on each of the 28 days that end with it; of these, without activity in the 28
-- days, and without activity ever. Licences that follow each other without a day between are one.
-- Tools are bits of a number here, 64 at a time, so that everything is counted with one row a person: grouping
-- by person and tool takes ten times as long.
WITH
    {day:Date} AS last,
    last - 27 AS first,
    arraySlice((SELECT arraySort(groupUniqArray(toString(tool))) FROM licences), {skip:UInt32} + 1, 64) AS names,
    arrayMap(i -> bitShiftLeft(toUInt64(1), i), range(length(names))) AS bits,
    current AS
    (
        SELECT day, max(run) FROM refreshed WHERE about = 'person_day' AND day BETWEEN {day:Date} - 27 AND {day:Date} GROUP BY day
    ),
    -- A licence that covers all of the 28 days is enough; the pieces of the others are put together.
    seats AS
    (
        SELECT person, transform(tool, names, bits, toUInt64(0)) AS bit, bit AS throughout
        FROM licences FINAL
        WHERE first_day <= first AND last_day >= last
        UNION ALL
        SELECT person, if(max(last_day) >= last, piece, 0) AS bit, if(groupBitOr(days) = 0xFFFFFFF, piece, 0) AS throughout
        FROM
        (
            SELECT
                person, last_day, transform(tool, names, bits, toUInt64(0)) AS piece,
                -- Bit 0 is the first of the 28 days.
                bitShiftLeft(toUInt64(bitShiftLeft(toUInt64(1), least(last_day, last) - greatest(first_day, first) + 1) - 1), greatest(first_day, first) - first) AS days
            FROM licences FINAL
            WHERE first_day <= last AND last_day >= first AND NOT (first_day <= first AND last_day >= last)
        )
        GROUP BY person, piece
    ),
    by_person AS
    (
        SELECT person, groupBitOr(now) AS held, groupBitOr(long) AS seasoned, groupBitOr(used) AS active, groupBitOr(ever) AS before
        FROM
        (
            SELECT person, bit AS now, throughout AS long, toUInt64(0) AS used, toUInt64(0) AS ever FROM seats
            UNION ALL
            SELECT person, toUInt64(0), toUInt64(0), groupBitOr(transform(tool, names, bits, toUInt64(0))), toUInt64(0)
            FROM person_day
            WHERE day BETWEEN {day:Date} - 27 AND {day:Date} AND (day, run) IN (SELECT * FROM current)
              AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
            GROUP BY person
            UNION ALL
            SELECT person, toUInt64(0), toUInt64(0), toUInt64(0), transform(tool, names, bits, toUInt64(0))
            FROM first_active FINAL
            WHERE day <= {day:Date}
        )
        GROUP BY person
        HAVING held != 0
    )
SELECT
    names[number + 1], place,
    sum(people),
    sumIf(people, bitTest(seasoned, number)),
    sumIf(people, bitTest(seasoned, number) AND NOT bitTest(active, number)),
    sumIf(people, bitTest(seasoned, number) AND NOT bitTest(active, number) AND NOT bitTest(before, number))
FROM
(
    SELECT if(p.unit = '', 'unassigned', p.unit) AS place, held, seasoned, active, before, count() AS people
    FROM by_person AS s
    LEFT JOIN
    (
        SELECT person, unit FROM membership WHERE first_day <= {day:Date} AND last_day >= {day:Date}
    ) AS p ON p.person = s.person
    GROUP BY place, held, seasoned, active, before
)
ARRAY JOIN bitPositionsToArray(held) AS number
GROUP BY number, place
