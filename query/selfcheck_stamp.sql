-- Under which runs the facts and figures of some days stand, and how many changes of the directory are not in them yet.
-- Older rows of touched tell nothing: its TTL may have taken away the row that says that they are done.
SELECT
    (
        SELECT groupBitXor(cityHash64(about, day, run))
        FROM
        (
            SELECT toString(about) AS about, day, max(run) AS run
            FROM refreshed
            WHERE about IN ('person_day', 'kpi_size', 'kpi_use', 'kpi_week', 'kpi_habit', 'kpi_spread', 'kpi_cohort', 'kpi_pair', 'kpi_cell', 'kpi_by', 'kpi_by_week') AND day BETWEEN {from:Date} AND {to:Date}
            GROUP BY about, day
        )
    ),
    (SELECT count() FROM touched FINAL WHERE done = 0 AND kind = 'kpi' AND at > toDateTime({since:String}, 'UTC'))
