SELECT kind, id, revision, at, author, reason, body FROM ledger WHERE kind = {kind:String} AND id = unhex({id:String}) ORDER BY revision DESC LIMIT 1
