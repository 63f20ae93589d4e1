INSERT INTO first_active (tool, person, day, version)
SELECT used, person, min(day), 1
FROM (SELECT toString(tool) AS tool, person, min(day) AS day FROM person_day GROUP BY tool, person)
ARRAY JOIN [tool, 'all'] AS used
GROUP BY used, person
