SELECT kind, id, revision, at, author, reason, body FROM ledger WHERE kind = {kind:String} AND id = unhex({id:String}) AND revision = {revision:UInt64} LIMIT 1
