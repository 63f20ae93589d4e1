// Package ingest is the door of Uptake: it receives events, checks them, replaces every name by a keyed hash,
// keeps them in a durable spool and loads them into ClickHouse. It also takes the directory (directory*.go).
//
// The way of an event, each step in the file of its name:
//
//	receive ─ body ─ split ─ parse ─ check ─ codec ─ batcher ─ spool ─ loader ─ store
//	                                  pseudonym       clock            touch, poison
//
// What is promised: an event that was answered with 202 and not named in "rejected" is on the disk (fsync before
// the answer) and will be in the table events exactly once under FINAL, whatever crashes. Only hashes pass check.go;
// a rejection, a log line or a metric never holds what an event said about a person.
package ingest
