// Package clickhousetest gives each test a database of its own on the real
// engine: the embedded one, or the server that UPTAKE_TEST_DSN names. There is no
// fake, and a missing engine fails the test.
package clickhousetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"uptake/clickhouse"
	"uptake/clickhouse/embedded"
)

// root is the store that all tests of the process share: the engine can be opened
// on one directory only, and opening it takes longer than most tests.
var root struct {
	sync.Mutex
	db  *clickhouse.DB
	dir string
}

// Main runs the tests of a package and removes the engine's directory at the end.
// Use it as
//
//	func TestMain(m *testing.M) { clickhousetest.Main(m) }
//
// in packages that call [Open]. Without it the directory stays in the system's
// temporary folder until some later run finds it without an owner.
func Main(m *testing.M) {
	code := m.Run()
	Close()
	os.Exit(code)
}

// Close ends the shared store and removes its directory, for a TestMain that does
// more than [Main]. A later Open starts afresh.
func Close() {
	root.Lock()
	defer root.Unlock()
	if root.db != nil {
		_ = root.db.Close()
		root.db = nil
	}
	if root.dir != "" {
		_ = os.RemoveAll(root.dir)
		root.dir = ""
	}
}

// Open returns a handle on a fresh database. When the test has passed the
// database is dropped; when it has failed it is kept and the log names it (with
// the embedded engine, until the process ends). Tests may run in parallel.
func Open(t testing.TB) *clickhouse.DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	base := shared(ctx, t)
	db, err := base.Use(ctx, name(t))
	if err != nil {
		t.Fatalf("open a database for the test: %v", err)
	}
	t.Cleanup(func() { cleanUp(t, base, db) })
	return db
}

func cleanUp(t testing.TB, base, db *clickhouse.DB) {
	if err := db.Close(); err != nil {
		t.Errorf("close the test's database: %v", err)
	}
	if t.Failed() {
		t.Logf("the test's database is kept: %s", db.Database())
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := base.Exec(ctx, "DROP DATABASE IF EXISTS "+clickhouse.QuoteName(db.Database())+" SYNC"); err != nil {
		t.Errorf("drop the test's database: %v", err)
	}
}

func shared(ctx context.Context, t testing.TB) *clickhouse.DB {
	t.Helper()
	root.Lock()
	defer root.Unlock()
	if root.db != nil {
		return root.db
	}
	config := clickhouse.Config{DSN: os.Getenv("UPTAKE_TEST_DSN"), Database: "default"}
	if config.DSN == "" {
		sweep()
		dir, err := os.MkdirTemp("", dirPrefix)
		if err != nil {
			t.Fatalf("make a directory for the engine: %v", err)
		}
		root.dir, config.DataDir = dir, dir
	}
	db, err := clickhouse.Open(ctx, config)
	if err != nil {
		t.Fatalf("open ClickHouse for the tests (UPTAKE_TEST_DSN would name a server): %v", err)
	}
	root.db = db
	return db
}

const dirPrefix = "uptake-clickhouse-test-"

// sweep removes what killed test processes, and packages without Main, left
// behind. A directory that is young may be about to be opened.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), dirPrefix+"*"))
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err == nil && time.Since(info.ModTime()) > 10*time.Minute && !embedded.InUse(filepath.Join(dir, "clickhouse")) {
			_ = os.RemoveAll(dir)
		}
	}
}

var notPlain = regexp.MustCompile(`[^a-z0-9]+`)

// name is the test's own, so that a kept database can be told, with a random end,
// so that no two runs meet on a server.
func name(t testing.TB) string {
	random := make([]byte, 5)
	_, _ = rand.Read(random) // never fails
	plain := notPlain.ReplaceAllString(strings.ToLower(t.Name()), "_")
	if len(plain) > 60 {
		plain = plain[:60]
	}
	return "test_" + plain + "_" + hex.EncodeToString(random)
}
