// Package embedded runs ClickHouse inside this process: libchdb.so, the engine
// as a library, loaded without cgo. It offers one thing to the outside, an
// http.RoundTripper that answers what clickhouse-go asks over HTTP, so that the
// engine is one more transport of the ordinary driver: no port, no second code
// path, the same SQL.
//
// What the engine demands and this package grants:
//
//   - one storage directory a process ([ErrOtherPath] otherwise) and one process
//     a storage directory ([ErrLocked] otherwise);
//   - one statement at a time on a connection: statements lease connections from
//     a pool that grows under load;
//   - no connection is closed under a running statement, because that aborts the
//     whole process: [Engine.Close] kills and drains first;
//   - Go keeps its signal handlers, or a nil pointer would end the process
//     instead of becoming a panic that can be recovered.
package embedded

import (
	"errors"
	"time"
)

// Errors that [Open] returns, wrapped with what was seen. Test with errors.Is.
var (
	// ErrPlatform: there is no engine library for this system (Linux on amd64 or arm64 has one).
	ErrPlatform = errors.New("the embedded engine does not exist for this platform")
	// ErrNoLibrary: libchdb.so was not found, see [FindLibrary] for where it is looked for.
	ErrNoLibrary = errors.New("the engine library libchdb.so was not found")
	// ErrLibrary: a libchdb.so was found and could not be loaded.
	ErrLibrary = errors.New("the engine library could not be loaded")
	// ErrLocked: another process has this data directory open.
	ErrLocked = errors.New("the data directory is in use by another process")
	// ErrOtherPath: this process already runs the engine on another directory.
	ErrOtherPath = errors.New("this process already runs the engine on another directory")
	// ErrStart: the engine refused to start; its own words are on standard error.
	ErrStart = errors.New("the engine did not start")
	// ErrClosed: the engine was closed, or is closing.
	ErrClosed = errors.New("the embedded engine is closed")
)

// Options say how the engine runs. The zero value is usable.
// They are read by the first Open of a process; a later Open of the same
// directory shares the running engine and its options.
type Options struct {
	// MaxMemory is what all statements together may use, in bytes.
	// Zero means half of what this machine (or its cgroup) has, at least 1 GiB.
	MaxMemory int64
	// MaxConnections is how many statements run at once; further ones wait. Zero means 64.
	MaxConnections int
	// BackupDir is the only directory that BACKUP … TO File() may write to.
	// Empty means "backups" beside the storage directory.
	BackupDir string
	// DrainTimeout is how long Close waits for running statements before it kills
	// them. Zero means 5 seconds.
	DrainTimeout time.Duration
}
