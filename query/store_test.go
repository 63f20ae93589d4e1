package query

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
)

func TestMain(m *testing.M) { clickhousetest.Main(m) }

// store is a company whose KPI tables a test fills by hand, as the refresher would.
type store struct {
	*Company
	t   testing.TB
	run uint64
	all map[string]map[adoption.Day]bool // days written under the run at hand, by table

	pending map[string][][]any // rows not stored yet, by table
}

// day reads a day in tests.
func day(s string) adoption.Day {
	d, err := adoption.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// newStore is an empty company on the real engine. Today is 2026-11-02, a Monday; small is under 5.
func newStore(t testing.TB) *store {
	t.Helper()
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(context.Background(), db))
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	return &store{
		Company: &Company{DB: db, MinGroup: 5, Now: func() time.Time { return now }},
		t:       t, run: 1, all: map[string]map[adoption.Day]bool{}, pending: map[string][][]any{},
	}
}

func (s *store) exec(sql string, args ...any) {
	s.t.Helper()
	require.NoError(s.t, s.DB.Exec(context.Background(), sql, args...))
}

// insert keeps rows until the next flush: one insert a table is much faster than one a row.
func (s *store) insert(table string, columns int, d adoption.Day, values ...any) {
	for i := 0; i < len(values); i += columns {
		s.pending[table] = append(s.pending[table], append([]any{d.Time(), s.run}, values[i:i+columns]...))
	}
	s.written(table, d)
}

// flush stores what was inserted; nobody sees it until publish.
func (s *store) flush() {
	s.t.Helper()
	for table, rows := range s.pending {
		s.send(table, rows)
	}
	s.pending = map[string][][]any{}
}

func (s *store) send(table string, rows [][]any) {
	s.t.Helper()
	batch, err := s.DB.PrepareBatch(context.Background(), "INSERT INTO "+table)
	require.NoError(s.t, err)
	defer batch.Close()
	for _, row := range rows {
		require.NoError(s.t, batch.Append(row...))
	}
	require.NoError(s.t, batch.Send())
}

func (s *store) written(table string, d adoption.Day) {
	if s.all[table] == nil {
		s.all[table] = map[adoption.Day]bool{}
	}
	s.all[table][d] = true
}

// publish makes what was inserted under the run at hand current, and begins the next run.
func (s *store) publish() {
	s.t.Helper()
	s.flush()
	var rows [][]any
	for table, days := range s.all {
		for d := range days {
			rows = append(rows, []any{table, d.Time(), s.run})
		}
	}
	s.send("refreshed", rows)
	s.run++
	s.all = map[string]map[adoption.Day]bool{}
}

func (s *store) unit(id, parent, name string) {
	s.exec("INSERT INTO units VALUES ({a:String}, {b:String}, {c:String}, '', 1)", named("a", id), named("b", parent), named("c", name))
}

// licensed makes a tool one that needs a licence.
func (s *store) licensed(tool string) {
	s.exec("INSERT INTO licences (person, tool, first_day, version) VALUES (1, {a:String}, '2026-01-01', 1)", named("a", tool))
}

// heads is unit, people pairs: the headcount of a day, which makes it a day with figures.
func (s *store) heads(d adoption.Day, pairs ...any) { s.sizes(d, "", pairs...) }

// sizes is unit, people pairs: who has access to a tool.
func (s *store) sizes(d adoption.Day, tool string, pairs ...any) {
	var values []any
	for i := 0; i < len(pairs); i += 2 {
		values = append(values, pairs[i], tool, uint64(pairs[i+1].(int)))
	}
	s.insert("kpi_size", 3, d, values...)
}

// use is one row of kpi_use.
func (s *store) use(d adoption.Day, unit, tool string, u rawUse) {
	s.insert("kpi_use", 12, d, unit, tool, u.active1, u.active7, u.active28, u.activeNotEnabled, u.activeDays,
		u.creators, u.responders, u.consumers, u.score, u.actions)
}

func (s *store) week(monday adoption.Day, unit, tool string, w rawWeek) {
	s.insert("kpi_week", 6, monday, unit, tool, w.new, w.returning, w.resurrected, w.dormant)
}

// events lets a source bring a tool's events on the days from first to last.
func (s *store) events(source, tool string, first, last adoption.Day) {
	for d := first; d <= last; d++ {
		at := d.Time().Add(9 * time.Hour)
		s.insert("source_day", 5, d, source, tool, uint64(10), at, at.Add(time.Minute))
	}
}

// ask is the rows of one day.
func (s *store) ask(unit, tool, date string, children bool) []AdoptionRow {
	s.t.Helper()
	answer, err := s.Adoption(context.Background(), AdoptionQuestion{Unit: unit, Tool: tool, From: day(date), To: day(date), Children: children})
	require.NoError(s.t, err)
	return answer.Rows
}

func u64(n uint64) *uint64   { return &n }
func f64(v float64) *float64 { return &v }
func units(rows []AdoptionRow) (ids []string) {
	for _, r := range rows {
		ids = append(ids, r.Unit)
	}
	return ids
}
