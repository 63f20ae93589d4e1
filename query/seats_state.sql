-- What the seats of a day follow from: the facts up to it, the people and the licences.
SELECT
    (SELECT max(run) FROM refreshed WHERE about = 'person_day' AND day <= {day:Date}),
    (SELECT max(version) FROM people),
    (SELECT max(version) FROM licences)
