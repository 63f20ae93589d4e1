// Package migrations holds the schema as numbered files and what applies them: one idempotent statement a file,
// named NNNN_name.sql. What was applied is kept with its checksum in the table schema_migrations, so that a file
// that was changed or lost after it was applied is noticed instead of living on with an unknown schema.
package migrations

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

//go:embed *.sql
var files embed.FS

// Migration is one file: a statement that can be run again without harm.
type Migration struct {
	Number    int
	Name      string // the file's name
	Statement string
	Checksum  string // hex SHA-256 of the file
}

// State is a migration and when it was applied to a database; the zero time says: not yet.
type State struct {
	Migration
	Applied time.Time
}

var fileName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

// Load reads the migrations of a folder in the order of their numbers, which run from 1 without a hole.
func Load(folder fs.FS) ([]Migration, error) {
	names, err := fs.Glob(folder, "*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []Migration
	for i, name := range names {
		match := fileName.FindStringSubmatch(name)
		if match == nil {
			return nil, fmt.Errorf("migration %s: the name must look like 0001_what_it_does.sql", name)
		}
		number, _ := strconv.Atoi(match[1])
		if number != i+1 {
			return nil, fmt.Errorf("migration %s: number %04d was expected; numbers run from 0001 without a hole", name, i+1)
		}
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		all = append(all, Migration{Number: number, Name: name, Statement: string(text), Checksum: hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// Up brings the database of db to the newest schema. It may be called at any time, also by two processes at the
// same moment: every statement is idempotent and recording one twice leaves one row. It fails with a Conflict,
// before anything is changed, when a file that was applied has been changed or is missing.
func Up(ctx context.Context, db driver.Conn) error {
	all, err := Load(files)
	if err != nil {
		return err
	}
	return Apply(ctx, db, all)
}

// Apply is Up for a list of migrations of one's own.
func Apply(ctx context.Context, db driver.Conn, all []Migration) error {
	if err := createTable(ctx, db); err != nil {
		return err
	}
	states, err := states(ctx, db, all)
	if err != nil {
		return err
	}
	for _, s := range states {
		if !s.Applied.IsZero() {
			continue
		}
		if err := db.Exec(ctx, s.Statement); err != nil {
			return fmt.Errorf("apply migration %s: %w", s.Name, err)
		}
		if err := record(ctx, db, s.Migration); err != nil {
			return err
		}
	}
	return nil
}

// Status lists all migrations and which of them the database of db has. Like Up, it refuses a database whose past
// differs from the files.
func Status(ctx context.Context, db driver.Conn) ([]State, error) {
	all, err := Load(files)
	if err != nil {
		return nil, err
	}
	if err := createTable(ctx, db); err != nil {
		return nil, err
	}
	return states(ctx, db, all)
}

func createTable(ctx context.Context, db driver.Conn) error {
	const statement = `CREATE TABLE IF NOT EXISTS schema_migrations
		(number UInt32, name String, checksum String, applied DateTime('UTC'))
		ENGINE = ReplacingMergeTree ORDER BY number`
	if err := db.Exec(ctx, statement); err != nil {
		return fmt.Errorf("create the table of applied migrations: %w", err)
	}
	return nil
}

func record(ctx context.Context, db driver.Conn, m Migration) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{
		"number": strconv.Itoa(m.Number), "name": m.Name, "checksum": m.Checksum,
	}))
	const statement = `INSERT INTO schema_migrations SELECT {number:UInt32}, {name:String}, {checksum:String}, now('UTC')`
	if err := db.Exec(ctx, statement); err != nil {
		return fmt.Errorf("record migration %s: %w", m.Name, err)
	}
	return nil
}

// states joins the files with what the database says was applied.
func states(ctx context.Context, db driver.Conn, all []Migration) ([]State, error) {
	rows, err := db.Query(ctx, `SELECT number, name, checksum, applied FROM schema_migrations FINAL ORDER BY number`)
	if err != nil {
		return nil, fmt.Errorf("read the applied migrations: %w", err)
	}
	defer rows.Close()
	result := make([]State, len(all))
	for i, m := range all {
		result[i].Migration = m
	}
	var wrong []string
	for rows.Next() {
		var number uint32
		var name, checksum string
		var applied time.Time
		if err := rows.Scan(&number, &name, &checksum, &applied); err != nil {
			return nil, fmt.Errorf("read the applied migrations: %w", err)
		}
		i, found := slices.BinarySearchFunc(all, int(number), func(m Migration, n int) int { return cmp.Compare(m.Number, n) })
		switch {
		case !found:
			wrong = append(wrong, name+" was applied to this database but is not part of this program")
		case all[i].Checksum != checksum:
			wrong = append(wrong, name+" was changed after it was applied to this database")
		default:
			result[i].Applied = applied
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the applied migrations: %w", err)
	}
	if len(wrong) > 0 {
		return nil, &adoption.Error{Code: adoption.Conflict, Message: "The database has another past than this program: " +
			strings.Join(wrong, "; ") + ". Use the version of Uptake that last wrote it, or a newer one; nothing was changed."}
	}
	return result, nil
}
