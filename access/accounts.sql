SELECT name, roles, units, hash, epoch, disabled, created, version
FROM accounts FINAL
ORDER BY name
