-- All names of these people.
SELECT hash, person FROM identity FINAL WHERE person IN {people:Array(UInt64)}
