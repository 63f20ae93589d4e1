SELECT id, hash, owner, epoch, name, created, used, revoked, version
FROM personal_tokens FINAL
ORDER BY id
