-- Counts of refused records come as notes through the spool, each with a token: what is loaded twice counts once.
ALTER TABLE rejected MODIFY SETTING non_replicated_deduplication_window = 1000
