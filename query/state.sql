-- What the figures and the lists were last written under. It changes whenever an answer may change.
SELECT
    (SELECT max(run) FROM refreshed),
    (SELECT max(version) FROM units),
    (SELECT max(version) FROM tools)
