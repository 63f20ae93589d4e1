-- Whose activity on the days written under this run is another than readers see. A person's row is unique in a day, run and
-- tool: what is the same is there twice.
SELECT DISTINCT person
FROM
(
    SELECT person
    FROM person_day
    WHERE day IN {days:Array(Date)}
      AND (run = {run:UInt64} OR (day, run) IN {shown:Array(Tuple(Date, UInt64))})
      AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
    GROUP BY day, tool, person, contribute, respond, share, meet, consume
    HAVING count() != 2
)
LIMIT {most:UInt64}
