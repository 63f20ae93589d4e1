// Package clickhouse opens the one store of Uptake: a ClickHouse server or
// cluster over the native protocol or HTTP, or, without a DSN, the same engine
// inside this process (package embedded). Whichever it is, what comes out is the
// ordinary driver.Conn of clickhouse-go, and the SQL is the same.
//
// Times: sessions run in UTC whatever the server's zone is, so that toDate and
// friends cut days alike everywhere. Write the zone into the statement where
// another one is meant.
package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	conn "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"uptake/clickhouse/embedded"
)

// DefaultDatabase is used when neither Config.Database nor the DSN names one.
const DefaultDatabase = "uptake"

// minimum is the oldest version that is supported, as year and month.
var minimum = proto.Version{Major: 24, Minor: 8}

// Config says which store to open. The zero value is not usable: with no DSN,
// DataDir is needed.
type Config struct {
	// DSN is clickhouse://user:password@host:9000/database, or the same with
	// http:// or https://. Several hosts are separated by commas. Empty means the
	// embedded engine.
	DSN string
	// DataDir is where the embedded engine keeps its data, in the folder
	// "clickhouse" (backups go to "backups"). Unused with a DSN.
	DataDir string
	// Database wins over the DSN's path; if both are empty it is DefaultDatabase.
	// It is created if it does not exist.
	Database string
	// Cluster, if set, is the server-side cluster on which databases are created.
	Cluster string
	// MaxMemory bounds the embedded engine, in bytes; zero means half of the
	// machine's. A server has bounds of its own.
	MaxMemory int64
	// DrainTimeout is how long closing the embedded engine waits for running
	// statements before it ends them. Zero means 5 seconds.
	DrainTimeout time.Duration
}

// DB is a store, open on one database. It is safe for concurrent use; statements
// run side by side, each on a connection of its own.
//
// A context that is cancelled or past its deadline ends the statement on the
// engine, too. Rows must be read to the end or closed; closing reads the rest, so
// cancel the context to leave a large result early. Errors of the engine are
// *Exception of clickhouse-go (errors.As), CodeOf sorts all errors.
type DB struct {
	conn.Conn

	database string
	version  string
	store    store
	engine   *embedded.Engine // nil for a server
	close    sync.Once
	closeErr error
}

// store opens further connections to the same server or engine.
type store struct {
	options driver.Options
	config  Config
}

// Open connects to the store that config names and makes sure that it is a
// supported version and that the database exists. All errors are *Error: Locked,
// MissingLibrary, UnsupportedPlatform, EngineFailed, DiskFull (embedded),
// Unreachable, WrongPassword, TooOld (server), InvalidConfig. None shows a password.
func Open(ctx context.Context, config Config) (*DB, error) {
	options, err := parse(config)
	if err != nil {
		return nil, err
	}
	if config.Database == "" {
		config.Database = options.Auth.Database
	}
	if config.Database == "" {
		config.Database = DefaultDatabase
	}
	if config.DSN == "" {
		engine, err := openEngine(ctx, config)
		if err != nil {
			return nil, err
		}
		attach(options, engine)
		return open(ctx, store{*options, config}, engine, config.Database)
	}
	return open(ctx, store{*options, config}, nil, config.Database)
}

// open takes over the engine handle: it is closed when the DB is, or when open fails.
func open(ctx context.Context, s store, engine *embedded.Engine, database string) (db *DB, err error) {
	defer func() {
		if err != nil && engine != nil {
			_ = engine.Close()
		}
	}()
	if err := validName(database); err != nil {
		return nil, err
	}
	version, err := s.prepare(ctx, database)
	if err != nil {
		return nil, err
	}
	options := s.options
	options.Auth.Database = database
	c, err := driver.Open(&options)
	if err != nil {
		return nil, explainOpen(err, s)
	}
	if err := c.Ping(ctx); err != nil {
		_ = c.Close()
		return nil, explainOpen(err, s)
	}
	if engine != nil {
		version = engine.Version()
	}
	return &DB{Conn: c, database: database, version: version, store: s, engine: engine}, nil
}

// prepare asks for the version, before anything that an old server would answer
// in a confusing way, and creates the database. It connects without a database:
// a server refuses a session in one that does not exist.
func (s store) prepare(ctx context.Context, database string) (version string, err error) {
	options := s.options
	options.Auth.Database = ""
	options.MaxOpenConns, options.MaxIdleConns = 1, 1
	// An old server does not know every setting and would say that instead.
	options.Settings = nil
	// The driver's handshake looks at this, not at the context.
	if deadline, set := ctx.Deadline(); set && time.Until(deadline) < options.DialTimeout {
		options.DialTimeout = max(time.Until(deadline), time.Millisecond)
	}
	c, err := driver.Open(&options)
	if err != nil {
		return "", explainOpen(err, s)
	}
	defer func() { _ = c.Close() }() // it was only asked
	if err := c.QueryRow(ctx, "SELECT version()").Scan(&version); err != nil {
		if old := s.probeVersion(ctx); old != "" && tooOld(old) {
			return "", tooOldError(old)
		}
		return "", explainOpen(err, s)
	}
	if tooOld(version) {
		return "", tooOldError(version)
	}
	var exists uint64
	known := driver.Context(ctx, driver.WithParameters(driver.Parameters{"name": database}))
	if err := c.QueryRow(known, "SELECT count() FROM system.databases WHERE name = {name:String}").Scan(&exists); err != nil {
		return "", explainOpen(err, s)
	}
	if exists > 0 {
		return version, nil
	}
	// Only if it is missing: an account may use a database without the right to create one.
	create := "CREATE DATABASE IF NOT EXISTS " + QuoteName(database)
	if s.config.Cluster != "" {
		create += " ON CLUSTER " + QuoteName(s.config.Cluster)
	}
	if err := c.Exec(ctx, create); err != nil {
		return "", explainOpen(fmt.Errorf("create the database %s: %w", database, err), s)
	}
	return version, nil
}

// Use opens another database of the same server or engine, created if missing.
// The handle is independent: close both.
func (db *DB) Use(ctx context.Context, database string) (*DB, error) {
	if db.engine == nil {
		return open(ctx, db.store, nil, database)
	}
	engine, err := openEngine(ctx, db.store.config)
	if err != nil {
		return nil, err
	}
	s := db.store
	attach(&s.options, engine)
	return open(ctx, s, engine, database)
}

// Database is the name of the database that unqualified table names are in.
func (db *DB) Database() string { return db.database }

// Embedded tells whether the engine runs in this process.
func (db *DB) Embedded() bool { return db.engine != nil }

// Writes counts the statements that may write. Between two calls that give the same number, and quiet, nothing was written
// to any database of the engine. A server never is quiet: others may write to it.
func (db *DB) Writes() (n uint64, quiet bool) {
	if db.engine == nil {
		return 0, false
	}
	return db.engine.Writes()
}

// BackupDir is the directory that BACKUP … TO File() may write to on the embedded
// engine (the only one), and "" on a server, which has a rule of its own.
func (db *DB) BackupDir() string {
	if db.engine == nil {
		return ""
	}
	return db.engine.BackupDir()
}

// Version is ClickHouse's, such as "26.7.2.1".
func (db *DB) Version() string { return db.version }

// Close ends the handle. Statements that still run on the embedded engine get a
// few seconds if this is its last handle, and are then killed.
func (db *DB) Close() error {
	db.close.Do(func() {
		err := db.Conn.Close()
		if db.engine != nil {
			err = errors.Join(err, db.engine.Close())
		}
		db.closeErr = err
	})
	return db.closeErr
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)

// validName keeps database names to what needs no quoting anywhere.
func validName(name string) error {
	if !plainName.MatchString(name) {
		return &Error{Code: InvalidConfig, Message: fmt.Sprintf(
			"The database name %q is not valid: use letters, digits and underscores, and begin with no digit.", name)}
	}
	return nil
}
