-- Figures about seats speak of a part of the people with access, those who have held their seat for a while, and groups by
-- attribute are judged beside them, too. Rows of before have none: the refresh counts them anew (setting "cells").
ALTER TABLE kpi_cell ADD COLUMN IF NOT EXISTS
    seated Array(LowCardinality(String)) AFTER tools -- of the single tools, those with a licence on each of the 28 days that end with the day
