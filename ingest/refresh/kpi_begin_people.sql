-- The groups of persons about whom the directory has said something since these versions.
SELECT DISTINCT toDate(person % 256)
FROM
(
    SELECT person FROM people WHERE version > {people:UInt64}
    UNION ALL
    SELECT person FROM licences WHERE version > {licences:UInt64}
)
