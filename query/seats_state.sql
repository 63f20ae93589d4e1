-- What the seats of a day follow from: the facts up to it, the people and the licences; and how many tools have any.
SELECT
    (SELECT max(run) FROM refreshed WHERE about = 'person_day' AND day <= {day:Date}),
    (SELECT max(version) FROM people),
    (SELECT max(version) FROM licences),
    (SELECT uniqExact(tool) FROM licences)
