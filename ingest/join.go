package ingest

// shared tells whether other processes may use this spool at the same time: whether it is an external NATS.
func (s *Spool) shared() bool { return s.server == nil }
