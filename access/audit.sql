SELECT number, at, who, what, about, outcome
FROM audit
WHERE ? = 0 OR number < ?
ORDER BY number DESC
LIMIT 1 BY number
LIMIT ?
