package query

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/ingest/refresh"
	"uptake/migrations"
)

// staff is somebody of a company whose tables the real refresher fills.
type staff struct {
	unit, location, role, hired string
	chats                       []string // days with one message
	licence                     bool     // of the wiki, which nobody uses
}

// refreshed is a company of such people, on 2026-11-02 (a Monday), small is under 5.
func refreshed(t testing.TB, units map[string][2]string, people []staff) *Company {
	t.Helper()
	db := clickhousetest.Open(t)
	ctx := context.Background()
	require.NoError(t, migrations.Up(ctx, db))
	into := func(columns string, rows func(add func(...any))) {
		t.Helper()
		batch, err := db.PrepareBatch(ctx, "INSERT INTO "+columns)
		require.NoError(t, err)
		rows(func(values ...any) { require.NoError(t, batch.Append(values...)) })
		require.NoError(t, batch.Send())
	}
	into("units (unit, parent, name, legacy_entity, version)", func(add func(...any)) {
		for unit, parentEntity := range units {
			add(unit, parentEntity[0], unit, parentEntity[1], uint64(1))
		}
	})
	into("people (person, effective_from, unit, location, role, hired_on, version)", func(add func(...any)) {
		for i, p := range people {
			hired := adoption.Day(0)
			if p.hired != "" {
				hired = day(p.hired)
			}
			add(uint64(i+1), day("2020-01-01").Time(), p.unit, p.location, p.role, hired.Time(), uint64(1))
		}
	})
	into("identity (hash, person, version)", func(add func(...any)) {
		for i := range people {
			add(fmt.Sprintf("%016d", i+1), uint64(i+1), uint64(1))
		}
	})
	into("licences (person, tool, first_day, last_day, version)", func(add func(...any)) {
		for i, p := range people {
			if p.licence {
				add(uint64(i+1), "wiki", day("2020-01-01").Time(), adoption.LastDay.Time(), uint64(1))
			}
		}
	})
	into("events (utc_day, source, id, time, tool, actor, action, class, quantity, received)", func(add func(...any)) {
		for i, p := range people {
			for j, d := range p.chats {
				add(day(d).Time(), "feed", fmt.Sprintf("%08d%08d", i, j), day(d).Time().Add(9*time.Hour), "chat", fmt.Sprintf("%016d", i+1), "post", "contribute", uint64(3), uint64(1))
			}
		}
	})
	now := func() time.Time { return time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC) }
	r := refresh.New(refresh.Config{DB: db, Now: now, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, r.Touch(ctx, refresh.Span{Kind: refresh.Facts, From: day("2026-09-01"), To: day("2026-11-02")}))
	require.NoError(t, r.Refresh(ctx))
	return &Company{DB: db, MinGroup: 5, Now: now}
}

// crowd is n people who are the same, of whom the first so many chatted on some days.
func crowd(n int, p staff, active int, days ...string) []staff {
	var all []staff
	for i := range n {
		one := p
		if i < active {
			one.chats = days
		}
		all = append(all, one)
	}
	return all
}

func ask(t testing.TB, c *Company, q ByQuestion) []ByRow {
	t.Helper()
	answer, err := c.By(context.Background(), q)
	require.NoError(t, err)
	return answer.Rows
}

// Twelve in Bonn of whom four are active, three in Kiel, nine in Ulm with two active, and six of whom it is not said.
func TestFiguresByLocation(t *testing.T) {
	people := crowd(12, staff{unit: "sales", location: "Bonn"}, 4, "2026-10-20", "2026-10-27")
	people = append(people, crowd(3, staff{unit: "sales", location: "Kiel"}, 1, "2026-11-01")...)
	people = append(people, crowd(9, staff{unit: "it", location: "Ulm"}, 2, "2026-11-02")...)
	people = append(people, crowd(6, staff{unit: "it"}, 6, "2026-10-27")...)
	c := refreshed(t, map[string][2]string{"sales": {"company", "Alder"}, "it": {"company", "Birch"}}, people)

	// Sundays are 25 October and 1 November, 31 October is a Saturday. There are figures from October on, whose first Sunday is the 4th.
	for _, asked := range []struct{ from, to, why, nearest string }{
		{"2026-10-26", "2026-10-28", "There are no figures by attribute for 2026-10-28. They exist for the last days of ISO weeks and of months and for the last day with figures; the nearest are 2026-10-25 and 2026-10-31.", "[2026-10-25 2026-10-31]"},
		{"2026-09-21", "2026-09-30", "There are no figures by attribute for 2026-09-27 and 1 more of the dates asked for. They exist for the last days of ISO weeks and of months and for the last day with figures; the nearest is 2026-10-04.", "[2026-10-04]"},
		{"2026-11-03", "2026-11-04", "The days asked for are still to come.", "[]"},
	} {
		answer, err := c.By(t.Context(), ByQuestion{Tool: "chat", From: day(asked.from), To: day(asked.to)})
		require.NoError(t, err)
		assert.Empty(t, answer.Rows)
		require.NotNil(t, answer.Why)
		assert.Equal(t, asked.why, *answer.Why)
		assert.Equal(t, asked.nearest, fmt.Sprint(answer.Nearest))
	}

	type line struct {
		kind, value, date string
		people            uint64
		active, actions   int // −1: hidden
	}
	var got []line
	for _, row := range ask(t, c, ByQuestion{Attribute: adoption.ByLocation, Tool: "chat", From: day("2026-10-26"), To: day("2026-11-02")}) {
		l := line{row.Kind, row.Value, row.Date.String(), row.Enabled, -1, -1}
		if row.Active28 != nil {
			l.active, l.actions = int(*row.Active28), int(*row.Actions)
		}
		got = append(got, l)
		assert.Equal(t, "company", row.Unit)
	}
	// Kiel's 3 are too few. The next smallest by headcount is the 6 of whom it is not said: with them they are 9. But all
	// of Kiel and Bonn are of Sales, so Sales − Bonn would be Kiel's 3: Bonn must be in the rest, too. Then the 6 need not
	// be: the rest is Sales, 15, and of IT Ulm's 9 and the 6 are shown.
	assert.Equal(t, []line{
		{"company", "", "2026-11-01", 30, 11, 45}, // 4 with 2 × 3, 1 with 3, 6 with 3: 24 + 3 + 18
		{"unknown", "", "2026-11-01", 6, 6, 18},
		{"value", "Bonn", "2026-11-01", 12, -1, -1},
		{"value", "Kiel", "2026-11-01", 3, -1, -1},
		{"value", "Ulm", "2026-11-01", 9, 0, 0},
		{"rest", "", "2026-11-01", 15, 5, 27},
		{"company", "", "2026-11-02", 30, 13, 51}, // and the two of Ulm, with 3 each
		{"unknown", "", "2026-11-02", 6, 6, 18},
		{"value", "Bonn", "2026-11-02", 12, -1, -1},
		{"value", "Kiel", "2026-11-02", 3, -1, -1},
		{"value", "Ulm", "2026-11-02", 9, 2, 6},
		{"rest", "", "2026-11-02", 15, 5, 27},
	}, got)
}

// People of chance in a tree, with the real refresher: of each attribute, date and tool, what is shown adds up to the
// company's row; legacy entities are what their units are; each cohort's year is a group by itself.
func TestAttributesAddUpToTheCompany(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	units := map[string][2]string{"a": {"company", "Alder"}, "a1": {"a", ""}, "a2": {"a", "Birch"}, "b": {"company", ""}}
	var people []staff
	for range 120 {
		p := staff{unit: []string{"a", "a1", "a2", "b"}[r.IntN(4)], location: []string{"", "Bonn", "Kiel"}[r.IntN(3)],
			role: []string{"Clerk", "Lead", "Clerk", "Clerk"}[r.IntN(4)], hired: []string{"", "2019-05-05", "2020-01-01", "2020-12-31"}[r.IntN(4)], licence: r.IntN(2) == 0}
		for d := day("2026-09-21"); d <= day("2026-11-02"); d++ {
			if r.IntN(12) == 0 {
				p.chats = append(p.chats, d.String())
			}
		}
		people = append(people, p)
	}
	c := refreshed(t, units, people)
	for _, tool := range []string{"chat", "wiki", "all"} {
		values := map[adoption.Attribute][]string{}
		for _, attribute := range adoption.Attributes() {
			rows := ask(t, c, ByQuestion{Attribute: attribute, Tool: tool, From: day("2026-10-01"), To: day("2026-11-02")})
			var dates []string
			for from := 0; from < len(rows); {
				to := from + 1
				for to < len(rows) && rows[to].Kind != ByCompany {
					to++
				}
				whole := rows[from]
				dates = append(dates, whole.Date.String())
				// ".rest" holds what is hidden, so what is shown is everybody once.
				var sum AdoptionRow
				sum.Active1, sum.Active7, sum.Active28, sum.Actions, sum.New, sum.Returning, sum.Dormant, sum.Inactive = u64(0), u64(0), u64(0), u64(0), u64(0), u64(0), u64(0), u64(0)
				score, heads := 0.0, uint64(0)
				for _, row := range rows[from+1 : to] {
					if row.Kind != ByRest {
						heads += row.Headcount
					}
					if dates[len(dates)-1] == "2026-11-02" && row.Kind == ByValue {
						values[attribute] = append(values[attribute], row.Value)
					}
					if row.Suppressed {
						assert.Equal(t, ByRest, row.ShownIn)
						continue
					}
					assert.GreaterOrEqual(t, row.Enabled, uint64(5))
					assert.Equal(t, row.Enabled, *row.Creators+*row.Responders+*row.Consumers+*row.Inactive)
					for _, pair := range [][2]*uint64{{sum.Active1, row.Active1}, {sum.Active7, row.Active7}, {sum.Active28, row.Active28}, {sum.Actions, row.Actions},
						{sum.New, row.New}, {sum.Returning, row.Returning}, {sum.Dormant, row.Dormant}, {sum.Inactive, row.Inactive}} {
						*pair[0] += *pair[1]
					}
					score += *row.EngagementScore * float64(row.Enabled)
					sum.Enabled += row.Enabled
					assert.Nil(t, row.ActiveNotEnabled)
				}
				what := fmt.Sprint(attribute, " ", tool, " ", whole.Date)
				assert.Equal(t, whole.Headcount, heads, what)
				assert.Equal(t, whole.Enabled, sum.Enabled, what)
				assert.Equal(t, []uint64{*whole.Active1, *whole.Active7, *whole.Active28, *whole.Actions, *whole.Inactive}, []uint64{*sum.Active1, *sum.Active7, *sum.Active28, *sum.Actions, *sum.Inactive}, what)
				assert.Equal(t, []uint64{*whole.New, *whole.Returning, *whole.Dormant}, []uint64{*sum.New, *sum.Returning, *sum.Dormant}, what)
				assert.InDelta(t, *whole.EngagementScore*float64(whole.Enabled), score, 1e-6, what)
				from = to
			}
			assert.Equal(t, []string{"2026-10-04", "2026-10-11", "2026-10-18", "2026-10-25", "2026-11-01", "2026-11-02"}, dates, "Sundays and today")
		}
		assert.Equal(t, map[adoption.Attribute][]string{
			adoption.ByLocation: {"Bonn", "Kiel"}, adoption.ByRole: {"Clerk", "Lead"}, adoption.ByHireCohort: {"2019", "2020"}, adoption.ByLegacyEntity: {"Alder", "Birch"},
		}, values, tool)
	}
}

func TestAQuestionByAttribute(t *testing.T) {
	// 2026-11-05 is a Thursday. The Monday of the week before is 10-26.
	q, err := ParseBy(url.Values{"attribute": {"role"}}, day("2026-11-05"))
	require.NoError(t, err)
	assert.Equal(t, ByQuestion{Attribute: adoption.ByRole, Tool: "all", From: day("2026-10-26"), To: day("2026-11-05"), Grain: adoption.ByWeek}, q)
	q, err = ParseBy(url.Values{}, day("2026-11-05"))
	require.NoError(t, err)
	assert.Equal(t, adoption.ByLocation, q.Attribute)
	for field, values := range map[string]url.Values{
		"attribute": {"attribute": {"shoe_size"}}, "grain": {"grain": {"day"}}, "unit": {"unit": {"sales"}},
		"from": {"from": {"2024-01-01"}, "to": {"2026-01-01"}},
	} {
		_, err := ParseBy(values, day("2026-11-05"))
		var e *adoption.Error
		require.ErrorAs(t, err, &e, field)
		assert.Equal(t, field, e.Field)
	}
}

func TestACompanyWithoutFiguresByAttribute(t *testing.T) {
	assert.Empty(t, ask(t, newStore(t).Company, ByQuestion{From: day("2026-10-01"), To: day("2026-11-02")}))
	assert.Empty(t, ask(t, salesCompany(t).Company, ByQuestion{From: day("2026-10-01"), To: day("2026-11-02"), Grain: adoption.ByMonth}), "figures, but none by attribute")
	_, err := salesCompany(t).By(context.Background(), ByQuestion{Tool: "fax", From: day("2026-10-01"), To: day("2026-11-02")})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
}
