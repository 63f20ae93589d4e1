SELECT uniqExact(id) FROM ledger WHERE kind = {kind:String}
