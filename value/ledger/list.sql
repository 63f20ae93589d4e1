SELECT kind, id, revision, at, author, reason, body FROM ledger WHERE kind = {kind:String} ORDER BY id, revision DESC LIMIT 1 BY id
