-- What counting anew rests on: the people of some units on a day, the tools that everybody has access to, who has a
-- licence of which tool on the day ('all': of any), and the facts that readers' figures were made from.
WITH
    {day:Date} AS d,
    JSONExtract(unhex({units:String}), 'Array(String)') AS asked,
    JSONExtract(unhex({open:String}), 'Array(String)') AS open_tools,
    here AS (SELECT person, unit FROM membership WHERE d BETWEEN first_day AND last_day AND has(asked, unit)),
    granted AS
    (
        SELECT DISTINCT person, t
        FROM licences FINAL
        ARRAY JOIN [toString(tool), 'all'] AS t
        WHERE d BETWEEN first_day AND last_day AND person IN (SELECT person FROM here)
    ),
    done AS
    (
        SELECT day, toString(tool) AS one, t, person, contribute, respond, share, contribute + respond + share + meet + consume AS actions
        FROM person_day
        ARRAY JOIN [toString(tool), 'all'] AS t
        WHERE day BETWEEN {from:Date} AND {to:Date} AND actions > 0
          AND (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'person_day' AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day)
    )
