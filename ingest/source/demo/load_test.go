package demo

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse"
	"uptake/clickhouse/clickhousetest"
	"uptake/ingest"
	"uptake/ingest/refresh"
	"uptake/migrations"
	"uptake/query"
)

func TestMain(m *testing.M) { clickhousetest.Main(m) }

// testDay is the last day of the demos in the tests; the clock stands on the morning after.
const testDay = "2026-11-21"

// target is a database for a demo.
func target(t testing.TB) (Target, *clickhouse.DB) {
	t.Helper()
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(t.Context(), db))
	now := (day(t, testDay) + 1).Time().Add(7 * time.Hour)
	refresher := refresh.New(refresh.Config{DB: db, Zone: time.UTC, Now: func() time.Time { return now }})
	pseudonyms := ingest.NewPseudonymiser([]byte("a secret for tests"))
	return Target{
		DB: db, Refresher: refresher, Pseudonyms: pseudonyms, Zone: time.UTC,
		Directory: ingest.NewDirectory(db, refresher, pseudonyms, time.UTC),
	}, db
}

// answering answers questions about the loaded demo, on the morning after its last day.
func answering(t testing.TB, db *clickhouse.DB, refresher query.Freshness) *query.Company {
	now := (day(t, testDay) + 1).Time().Add(7 * time.Hour)
	return &query.Company{DB: db, Zone: time.UTC, MinGroup: 5, Now: func() time.Time { return now }, Freshness: refresher, Demo: "manufacturer"}
}

// rows are the answer's rows of the last day for a unit, its children and its rest, by unit.
func rows(t testing.TB, c *query.Company, unit, tool, date string) map[string]query.AdoptionRow {
	t.Helper()
	d := day(t, date)
	answer, err := c.Adoption(t.Context(), query.AdoptionQuestion{Unit: unit, Tool: tool, From: d, To: d, Grain: adoption.ByDay, Children: true})
	require.NoError(t, err)
	all := map[string]query.AdoptionRow{}
	for _, row := range answer.Rows {
		all[row.Unit] = row
	}
	return all
}

func TestTheStoryIsInTheAnswers(t *testing.T) {
	to, db := target(t)
	var steps []int64
	require.NoError(t, Load(t.Context(), to, Manufacturer, day(t, testDay), func(done, total int64) {
		assert.Equal(t, int64(1000), total)
		steps = append(steps, done)
	}))
	assert.True(t, slices.IsSorted(steps))
	assert.Equal(t, int64(1000), steps[len(steps)-1])
	c := answering(t, db, to.Refresher.(*refresh.Refresher))

	t.Run("figures", func(t *testing.T) {
		f := count(newCompany(Manufacturer, day(t, testDay)))
		for _, tool := range []int{chat, documents, notes, wiki, toolCount} {
			id := adoption.AllTools
			if tool < toolCount {
				id = tools[tool].id
			}
			for unit, row := range rows(t, c, adoption.Company, id, testDay) {
				if unit == adoption.Unassigned || row.Suppressed {
					continue
				}
				_, enabled, active, without := f.rate(unit, tool, Days-1)
				assert.Equal(t, uint64(enabled), row.Enabled, "%s %s", unit, id)
				assert.Equal(t, uint64(active), *row.Active28, "%s %s", unit, id)
				if row.ActiveNotEnabled != nil && unit != adoption.Company { // whose sum has the unknown people in it
					assert.Equal(t, uint64(without), *row.ActiveNotEnabled, "%s %s", unit, id)
				}
				assert.Zero(t, row.Trust.GapDays)
			}
		}
	})

	t.Run("page", func(t *testing.T) {
		page, err := c.Overview(t.Context(), query.OverviewQuestion{})
		require.NoError(t, err)
		verdicts := map[string]query.Verdict{}
		for _, r := range page.Ranking {
			verdicts[r.Unit.ID] = r.Verdict
		}
		assert.Equal(t, query.Ahead, verdicts["digital-products"])
		assert.Equal(t, query.Stalled, verdicts["customer-service"])
		rules := map[string]string{}
		for _, a := range page.Attention {
			rules[a.Rule] = a.Sentence
		}
		assert.Contains(t, rules["without_access"], "Quickwiki")
		assert.Contains(t, rules["unused_seats"], "Company Network")
		assert.Empty(t, page.Cautions, "no gap, and nearly everybody is known")
	})

	t.Run("policies of the halves", func(t *testing.T) {
		of := rows(t, c, adoption.Company, "chat", testDay)
		assert.Equal(t, of["engineering"].Headcount, of["engineering"].Enabled)
		assert.Zero(t, of["sales"].Enabled)
		assert.Positive(t, of["sales"].Headcount)
	})

	t.Run("small teams", func(t *testing.T) {
		of := rows(t, c, "central", "all", testDay)
		assert.True(t, of["legal"].Suppressed)
		assert.Equal(t, "central.rest", of["legal"].ShownIn)
		assert.Equal(t, uint64(6), of["central.rest"].Headcount)
		assert.False(t, of["central.rest"].Suppressed)
		// Under one in twenty people is seen only in such a group.
		assert.Less(t, of["central.rest"].Headcount*20, uint64(300))
		for _, parent := range []string{adoption.Company, "plant-north", "assembly", "plant-south"} {
			for unit, row := range rows(t, c, parent, "all", testDay) {
				assert.False(t, row.Suppressed, unit)
			}
		}
	})

	t.Run("hardly anybody is hidden", func(t *testing.T) {
		hardlyHidden(t, Manufacturer, c, 0.05) // under one in twenty, on any day and for any tool
		hiddenByAttribute(t, c, 0.05)
	})

	t.Run("pilot", func(t *testing.T) {
		before := rows(t, c, "logistics", "all", (day(t, testDay) - Days + 1 + pilotDay - 1).String())["logistics"]
		now := rows(t, c, "logistics", "all", testDay)["logistics"]
		assert.Greater(t, *now.AdoptionRate, *before.AdoptionRate+0.10)
		assert.Greater(t, *rows(t, c, "logistics", "notes", testDay)["logistics"].AdoptionRate, 0.45)
		pilotIsFound(t, c)
	})
}

// TestATornLoadIsBegunAnew cuts a load at several places, loads again, and expects what an undisturbed load gives.
func TestATornLoadIsBegunAnew(t *testing.T) {
	last := day(t, testDay)
	whole, db := target(t)
	require.NoError(t, Load(t.Context(), whole, LawFirm, last, nil))
	want := rows(t, answering(t, db, nil), adoption.Company, "all", testDay)

	to, db := target(t)
	preset, _, _, err := State(t.Context(), db)
	require.NoError(t, err)
	assert.Empty(t, preset, "nothing is there")
	for _, cut := range []int64{400, 401} { // with all events in, and in the refresh
		ctx, cancel := context.WithCancel(t.Context())
		err := Load(ctx, to, Manufacturer, last-3, func(done, _ int64) {
			if done >= cut {
				cancel()
			}
		})
		cancel()
		require.Error(t, err)
		preset, day, isComplete, err := State(t.Context(), db)
		require.NoError(t, err)
		assert.Equal(t, Manufacturer, preset)
		assert.Equal(t, last-3, day)
		assert.False(t, isComplete)
	}
	require.NoError(t, Load(t.Context(), to, LawFirm, last, nil), "another company in its place")
	preset, lastDay, isComplete, err := State(t.Context(), db)
	require.NoError(t, err)
	assert.True(t, preset == LawFirm && lastDay == last && isComplete)
	got := rows(t, answering(t, db, nil), adoption.Company, "all", testDay)
	assert.Empty(t, cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)), "nothing of the torn company is left")

	var steps []int64
	require.NoError(t, Load(t.Context(), to, LawFirm, last, func(done, _ int64) { steps = append(steps, done) }))
	assert.Equal(t, []int64{1000}, steps, "there is nothing to do")
}

func TestACompanysDataIsLeftAlone(t *testing.T) {
	to, db := target(t)
	_, err := to.Directory.Import(t.Context(), "people", strings.NewReader("email,unit,effective_from\na@x.de,sales,2026-01-01\n"), true)
	require.NoError(t, err)
	err = Load(t.Context(), to, LawFirm, day(t, testDay), nil)
	assert.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	var people uint64
	require.NoError(t, db.QueryRow(t.Context(), `SELECT count() FROM people`).Scan(&people))
	assert.Equal(t, uint64(1), people)
	preset, _, _, err := State(t.Context(), db)
	require.NoError(t, err)
	assert.Empty(t, preset)
	assert.Error(t, Load(t.Context(), to, "circus", day(t, testDay), nil))
}

// BenchmarkLoad loads a company with its figures.
func BenchmarkLoad(b *testing.B) {
	for _, preset := range []Preset{LawFirm, Manufacturer} {
		b.Run(string(preset), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				to, _ := target(b)
				b.StartTimer()
				require.NoError(b, Load(b.Context(), to, preset, day(b, testDay), nil))
			}
		})
	}
}
