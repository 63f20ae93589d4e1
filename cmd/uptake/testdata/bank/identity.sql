INSERT INTO identity (hash, person, version) SELECT hash, cityHash64(toUInt64(who), 'person'), 1 FROM bench_people
