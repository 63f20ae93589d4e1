-- What the seats of a day follow from, beside the facts up to it: the people and the licences.
SELECT
    (SELECT max(version) FROM people),
    (SELECT max(version) FROM licences)
