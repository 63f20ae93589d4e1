-- Who of these people stands in the directory: has a place in a unit, or access to a tool.
SELECT person FROM people WHERE person IN {people:Array(UInt64)}
UNION DISTINCT
SELECT person FROM licences WHERE person IN {people:Array(UInt64)}
