-- Which of the days written under this run hold other activity than what readers see. A person's row is unique in a
-- day and run, so equal counts and equal sums of hashes mean equal rows. Signing in and durations change no KPI of a window.
SELECT day
FROM
(
    SELECT day, run, count() AS rows, sum(cityHash64(tool, person, contribute, respond, share, meet, consume)) AS content
    FROM person_day
    WHERE day IN {days:Array(Date)}
      AND (run = {run:UInt64} OR (day, run) IN {shown:Array(Tuple(Date, UInt64))})
      AND (contribute > 0 OR respond > 0 OR share > 0 OR meet > 0 OR consume > 0)
    GROUP BY day, run
)
GROUP BY day
HAVING sumIf(rows, run = {run:UInt64}) != sumIf(rows, run != {run:UInt64})
    OR sumIf(content, run = {run:UInt64}) != sumIf(content, run != {run:UInt64})
ORDER BY day
