-- The highest run number in any table: a refresh that failed may have used a higher one than those published.
SELECT max(run)
FROM
(
    SELECT max(run) AS run FROM refreshed
    UNION ALL SELECT max(run) FROM person_day
    UNION ALL SELECT max(run) FROM source_day
    UNION ALL SELECT max(run) FROM unknown_day
    UNION ALL SELECT max(run) FROM pair_day
    UNION ALL SELECT max(version) FROM first_active
    UNION ALL SELECT max(run) FROM kpi_size
    UNION ALL SELECT max(run) FROM kpi_pair
    UNION ALL SELECT max(run) FROM kpi_work
    UNION ALL SELECT max(run) FROM kpi_action
    UNION ALL SELECT max(run) FROM kpi_use
    UNION ALL SELECT max(run) FROM kpi_week
    UNION ALL SELECT max(run) FROM kpi_cell
    UNION ALL SELECT max(run) FROM kpi_by
    UNION ALL SELECT max(run) FROM kpi_by_week
    UNION ALL SELECT max(run) FROM kpi_begin
    UNION ALL SELECT max(run) FROM kpi_habit
    UNION ALL SELECT max(run) FROM kpi_spread
    UNION ALL SELECT max(run) FROM kpi_cohort
)
