-- What is done on days: on one of ten weekend days as on working days, and in one month of ten nothing. Every day of use
-- has something that counts.
, did AS
(
    SELECT
        day, tool, number, person,
        cityHash64(number, tool, day) AS chance,
        if(bitAnd(chance, 3) = 0, 1 + bitAnd(bitShiftRight(chance, 10), 3), 0) AS contribute,
        if(bitAnd(bitShiftRight(chance, 2), 3) = 0, 1 + bitAnd(bitShiftRight(chance, 12), 7), 0) AS respond,
        if(bitAnd(bitShiftRight(chance, 4), 15) = 0, 1, 0) AS share,
        if(tool = 'meetings', 1 + bitAnd(bitShiftRight(chance, 15), 3), 0) AS meet,
        1 + bitAnd(bitShiftRight(chance, 20), 15) AS consume
    FROM bench_habit
    ARRAY JOIN days AS day
    WHERE often > 0 AND day >= begins AND bitShiftRight(chance, 30) % 1000 < if(toDayOfWeek(day) > 5, intDiv(often, 10), often)
      AND cityHash64(number, tool, toYYYYMM(day)) % 10 > 0
)
