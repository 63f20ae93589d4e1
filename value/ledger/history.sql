SELECT kind, id, revision, at, author, reason, '' FROM ledger WHERE kind = {kind:String} AND id = unhex({id:String}) ORDER BY revision DESC
