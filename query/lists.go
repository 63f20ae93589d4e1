package query

// lists caches what changes rarely.
type lists struct{}
