package main

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse"
	"uptake/ingest"
	"uptake/migrations"
)

//go:embed testdata/bank
var bankSQL embed.FS

// bankEventDays have events: the days of the year that arrivals touch in the benchmark. The facts of those before are
// made straight away.
const bankEventDays = 30

// bankSize is how large a company of the benchmark is.
type bankSize struct {
	People  int
	Days    int          // up to Last
	Pairs   int          // interactions a day
	Use     bool         // people use tools; without, they only address each other
	Last    adoption.Day // the last day on which anybody did anything
	Reader  string       // a token
	Source  string       // a token
	Rows    uint64       // of person_day
	Rebuilt rebuilt      // what the first refresh took
}

// rebuilt is what it took to compute the figures of all days.
type rebuilt struct {
	Wall, CPU time.Duration
	Peak      int64 // bytes
	At        time.Time
	Load      string // of the machine, at the end
}

// bank is a company with its data directory, made once.
type bank struct {
	*house
	bankSize
}

// bankAbout is the file in a bank's data directory that says how large it is. It is written when the bank is complete.
const bankAbout = "bench.json"

// openBank makes a bank, or takes the one that an earlier run has left in dir.
func openBank(b *testing.B, dir string, size bankSize) *bank {
	b.Helper()
	k := &bank{house: newHouse(b, "UPTAKE_PPROF_LISTEN=127.0.0.1:0"), bankSize: size}
	k.dir, k.patience = dir, 10*time.Minute
	k.env[0] = "UPTAKE_DATA=" + dir
	about := filepath.Join(dir, bankAbout)
	text, err := os.ReadFile(about)
	if err == nil {
		require.NoError(b, json.Unmarshal(text, &k.bankSize))
		require.Equal(b, [2]int{size.People, size.Days}, [2]int{k.People, k.Days}, "the bank in %s is of another size: name another directory", dir)
		return k
	}
	require.ErrorIs(b, err, os.ErrNotExist)
	k.make()
	k.save()
	return k
}

// save writes the bank's size and what was measured when it was made.
func (k *bank) save() {
	text, err := json.MarshalIndent(k.bankSize, "", "  ")
	require.NoError(k.t, err)
	require.NoError(k.t, os.WriteFile(filepath.Join(k.dir, bankAbout), text, 0o600))
}

// make fills the facts of a new company and has the program compute its figures.
func (k *bank) make() {
	k.Last = adoption.DayOf(time.Now(), time.UTC) - 1
	k.Source, k.Reader = k.must("token", "create", "--source", "bench"), k.must("token", "create", "--reader", "bench")
	text, err := json.Marshal(k.bankSize)
	require.NoError(k.t, err)
	began := time.Now()
	k.task("fill " + string(text))
	k.t.Logf("facts of %d people and %d days made in %s", k.People, k.Days, time.Since(began).Round(time.Second))
	_, err = fmt.Sscan(k.query("SELECT toString(count()) FROM person_day")[0], &k.Rows)
	require.NoError(k.t, err)
	k.rebuild()
	_, err = fmt.Sscan(k.query("SELECT toString(count()) FROM person_day WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = 'person_day' GROUP BY day)")[0], &k.Rows)
	require.NoError(k.t, err)
}

// rebuild has the program compute the figures of all days, nobody reading.
func (k *bank) rebuild() {
	s := k.serve()
	m := measure(s)
	k.settled(s, time.Hour)
	k.Rebuilt.Wall, k.Rebuilt.CPU, k.Rebuilt.Peak = m.since()
	k.Rebuilt.At, k.Rebuilt.Load = time.Now(), machineLoad()
	require.Zero(k.t, s.stop(), "%s", s.log)
}

// settled waits until all that is acknowledged is in the figures.
func (k *bank) settled(s *server, patience time.Duration) {
	k.t.Helper()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		var trust struct{ Settled bool }
		s.get(k.Reader, "/api/v1/trust", &trust)
		if trust.Settled {
			return
		}
		require.NotContains(k.t, s.log.String(), "the figures could not be refreshed")
		require.Less(k.t, time.Since(began), patience, "the figures do not settle: %s", s.log)
	}
}

// task has a process of its own work on the bank's database, see bankTask.
func (k *bank) task(task string) {
	k.t.Helper()
	cmd := k.command(k.t.Context())
	cmd.Env = append(cmd.Env, bankVariable+"="+task)
	result := runCommand(k.t, cmd)
	require.Zero(k.t, result.code, "%s", result.stderr)
}

// bankVariable tells this test binary to work on the database of UPTAKE_DATA. The engine can be on one directory a process.
const bankVariable = "UPTAKE_TEST_BANK_TASK"

// bankTask runs a task: "fill SIZE" with the size as JSON, or "touch" to have the figures of all days computed anew.
func bankTask(task string) error {
	ctx := context.Background()
	db, err := clickhouse.Open(ctx, clickhouse.Config{DataDir: os.Getenv("UPTAKE_DATA")})
	if err != nil {
		return err
	}
	defer db.Close()
	if task == "touch" {
		return db.Exec(ctx, `INSERT INTO touched (id, kind, first_day, last_day, at, done)
			SELECT generateUUIDv4(), 'kpi', min(day), max(day), now64(3), 0 FROM refreshed WHERE about = 'kpi_use'`)
	}
	var size bankSize
	if err := json.Unmarshal([]byte(strings.TrimPrefix(task, "fill ")), &size); err != nil {
		return err
	}
	if err := migrations.Up(ctx, db); err != nil {
		return err
	}
	return size.fill(ctx, db)
}

// fill writes the directory, and facts up to the days that have events.
func (z bankSize) fill(ctx context.Context, db *clickhouse.DB) error {
	first := z.Last - adoption.Day(z.Days) + 1
	facts := z.Last // the last day that is made as facts
	if z.Use {
		facts -= bankEventDays
	}
	all := map[string]any{"people": z.People, "days": z.Days, "first": first, "pairs": max(z.Pairs, 1)}
	run := func(name string, from, to adoption.Day) error {
		all["from"], all["length"] = from, int(to-from)+1
		return execBank(ctx, db, name, all)
	}
	for _, name := range []string{"units", "people", "tools", "licences", "habits_make", "actors_make"} {
		if err := run(name, first, z.Last); err != nil {
			return err
		}
	}
	if err := z.fillActors(ctx, db); err != nil {
		return err
	}
	if err := run("identity", first, z.Last); err != nil {
		return err
	}
	if z.Use {
		if err := run("habits", first, z.Last); err != nil {
			return err
		}
	}
	for from := first; from <= facts; from = min((from.FirstOfMonth() + 31).FirstOfMonth(), facts+1) {
		to := min((from.FirstOfMonth()+31).FirstOfMonth()-1, facts)
		for _, name := range []string{"person_day", "pair_day", "source_day", "refreshed"} {
			if err := run(name, from, to); err != nil {
				return err
			}
		}
	}
	for day := facts + 1; day <= z.Last; day++ {
		if err := run("events", day, day); err != nil {
			return err
		}
	}
	if err := run("first_active", first, facts); err != nil {
		return err
	}
	for _, table := range []string{"bench_habit", "bench_people"} {
		if err := db.Exec(ctx, "DROP TABLE "+table); err != nil {
			return err
		}
	}
	return nil
}

// fillActors writes each person's hash of the address that personAddress has.
func (z bankSize) fillActors(ctx context.Context, db *clickhouse.DB) error {
	secret, err := ingest.ReadSecret(filepath.Join(os.Getenv("UPTAKE_DATA"), "secret"))
	if err != nil {
		return err
	}
	pseudonyms := ingest.NewPseudonymiser(secret)
	batch, err := db.PrepareBatch(ctx, "INSERT INTO bench_people (who, hash)")
	if err != nil {
		return err
	}
	defer batch.Close()
	for n := range z.People {
		hash := pseudonyms.Address(personAddress(n))
		if err := batch.Append(uint32(n), string(hash[:])); err != nil {
			return err
		}
	}
	return batch.Send()
}

func personAddress(n int) string { return "person-" + strconv.Itoa(n) + "@bank.example" }

// execBank runs a statement of testdata/bank. Its inserts become few large parts, as those of a store are that has had
// the time to merge them.
func execBank(ctx context.Context, db *clickhouse.DB, name string, all map[string]any) error {
	read := func(name string) string {
		text, err := bankSQL.ReadFile("testdata/bank/" + name + ".sql")
		if err != nil {
			panic(err) // a mistake in this file
		}
		return string(text)
	}
	sql := strings.Replace(read(name), "-- did.sql", read("did"), 1)
	p := driver.Parameters{}
	for name, value := range all {
		p[name] = fmt.Sprint(value)
	}
	ctx = driver.Context(ctx, driver.WithParameters(p), driver.WithSettings(driver.Settings{"min_insert_block_size_rows": 4_000_000, "min_insert_block_size_bytes": 1 << 30, "max_insert_threads": 1}))
	if err := db.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
