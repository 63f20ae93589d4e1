package cases_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest"
	"uptake/ingest/refresh"
	"uptake/query"
)

func init() {
	answers["collaboration"] = answer(query.ParseCollaboration, (*query.Company).Collaboration)
}

// collaborate asks a company about a unit.
func (c *company) collaborate(unit, tool string, from, to adoption.Day) *query.CollaborationAnswer {
	c.t.Helper()
	params := url.Values{"unit": {unit}, "tool": {tool}, "from": {from.String()}, "to": {to.String()}}
	answer := &query.CollaborationAnswer{}
	require.NoError(c.t, json.Unmarshal(c.ask("collaboration", params.Encode()), answer))
	return answer
}

// message is an event with counterparts, under addresses p0, p1, ….
func (c *company) message(day adoption.Day, tool string, from int, to []int, quantity uint64) adoption.Event {
	address := func(p int) adoption.Hash { return c.pseudonyms.Address(fmt.Sprintf("p%d@example.org", p)) }
	c.events++
	e := adoption.Event{Source: "s", ID: c.pseudonyms.ID("s", strconv.Itoa(c.events)), Time: day.Time().Add(9 * time.Hour), Tool: tool,
		Actor: address(from), Action: "send", Class: adoption.Contribute, Quantity: quantity, Received: uint64(c.events)}
	for _, p := range to {
		e.Counterparts = append(e.Counterparts, address(p))
	}
	return e
}

func (c *company) arrive(events []adoption.Event, from, to adoption.Day) {
	c.t.Helper()
	for chunk := range slices.Chunk(events, 50_000) {
		require.NoError(c.t, ingest.InsertEvents(c.t.Context(), c.db, chunk, ""))
	}
	require.NoError(c.t, c.refresher.Touch(c.t.Context(), refresh.Span{Kind: refresh.Facts, From: from, To: to}))
}

// asReckoned demands what the reference answers about a unit.
func (c *company) asReckoned(w *tieWorld, unit, tool string, from, to adoption.Day) *query.CollaborationAnswer {
	c.t.Helper()
	want, got := w.answer(unit, tool, from, to), c.collaborate(unit, tool, from, to)
	rows := map[string]tieRow{}
	for _, r := range got.Rows {
		row := tieRow{hidden: r.Suppressed, shownIn: r.ShownIn}
		if !r.Suppressed {
			row.internal, row.sent, row.received = *r.Internal, *r.Sent, *r.Received
			requireIndex(c.t, row, r.EIIndex)
		}
		rows[r.Unit] = row
	}
	what := fmt.Sprintf("%s, %s, %s to %s", unit, tool, from, to)
	require.Equal(c.t, want.rows, rows, what)
	require.Equal(c.t, want.leftOut, got.ToolsLeftOut, what)
	var within, across uint64
	for i, line := range got.Matrix.Interactions {
		for j, n := range line {
			require.Equal(c.t, want.matrix[[2]string{got.Matrix.Units[i], got.Matrix.Units[j]}], n, "%s: %s to %s", what, got.Matrix.Units[i], got.Matrix.Units[j])
			if i == j {
				within += n
			} else {
				across += n
			}
		}
	}
	if within+across == 0 {
		require.Nil(c.t, got.CrossUnit, what)
	} else {
		require.InDelta(c.t, float64(across)/float64(within+across), *got.CrossUnit, 1e-12, what)
	}
	if len(got.Matrix.Units) > 0 { // the matrix is all that happens inside the unit, and each line and column what its row says
		require.Equal(c.t, want.rows[unit].internal, within+across, what)
	}
	return got
}

func requireIndex(t testing.TB, row tieRow, got *float64) {
	t.Helper()
	external := float64(row.sent + row.received)
	if row.internal+row.sent+row.received == 0 {
		require.Nil(t, got)
		return
	}
	require.InDelta(t, (external-float64(row.internal))/(external+float64(row.internal)), *got, 1e-12)
}

// tieUnits is a tree of three levels with groups around the smallest that is shown.
var tieUnits = map[string]string{"north": "company", "south": "company", "east": "company", "north-a": "north", "north-b": "north", "north-c": "north",
	"south-a": "south", "south-b": "south", "north-a-i": "north-a", "north-a-ii": "north-a"}

// Random companies, whose people join, move and leave in the span, with a tool that everybody may use and two that need
// a licence: every unit, tool and span is answered as the reference reckons. Then the directory changes backwards.
func TestCollaborationOfRandomCompanies(t *testing.T) {
	t.Parallel()
	shown, hidden, left := 0, 0, 0
	for seed := range uint64(1) {
		r := rand.New(rand.NewPCG(seed, 9))
		c := open(t, "UTC", "2026-03-20")
		w := c.randomTies(r, 3+int(seed)*2)
		last := c.query.Today() - 1
		first := last - 17 // 2 March to 19 March
		check := func(chance int) {
			for _, unit := range []string{"company", "north", "south", "east", "north-a", "north-b", "north-a-i", "north.direct"} {
				for _, tool := range append(slices.Clone(w.tools), "all") {
					for _, span := range [][2]adoption.Day{{first, last}, {first + 3, first + 5}, {first + 8, last - 4}} {
						if r.IntN(chance) > 0 {
							continue
						}
						got := c.asReckoned(w, unit, tool, span[0], span[1])
						left += got.ToolsLeftOut
						for _, row := range got.Rows {
							if row.Suppressed {
								hidden++
							} else {
								shown++
							}
						}
					}
				}
			}
		}
		check(2)
		w.homes[3] = func(adoption.Day) string { return "east" } // has been there all the time, it turns out
		c.people("p3@example.org,east,2026-01-01", "p3@example.org,east,2026-03-08", "p3@example.org,east,2026-03-12")
		c.settle()
		check(4)
	}
	require.Greater(t, shown, 80)
	require.Greater(t, hidden, 80)
	require.Positive(t, left, "no tool was ever left out")
}

// randomTies makes 45 people and some hundred messages, in a real database and for the reference.
func (c *company) randomTies(r *rand.Rand, k int) *tieWorld {
	c.t.Helper()
	c.query.MinGroup = k
	w := &tieWorld{k: k, parents: tieUnits, tools: []string{"chat", "code", "mail"}, access: map[string]func(int, adoption.Day) bool{}}
	var units, names, people, licences []string
	for unit, parent := range tieUnits {
		units = append(units, unit+","+parent+","+unit)
		names = append(names, unit)
	}
	slices.Sort(names)
	first, moved, left := adoption.DayOf(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), time.UTC), "2026-03-08", "2026-03-12"
	second, third := first+6, first+10
	const persons = 45
	for p := range persons {
		a, b, c := names[r.IntN(len(names))], "", ""
		b, c = a, a
		if p == 3 || r.IntN(4) == 0 {
			b, c = names[r.IntN(len(names))], names[r.IntN(len(names))]
		}
		people = append(people, fmt.Sprintf("p%d@example.org,%s,2026-01-01", p, a), fmt.Sprintf("p%d@example.org,%s,%s", p, b, moved), fmt.Sprintf("p%d@example.org,%s,%s", p, c, left))
		if p%9 == 5 { // comes in the middle
			people = people[:len(people)-3]
			people = append(people, fmt.Sprintf("p%d@example.org,%s,%s", p, c, left))
			a, b = "", ""
		}
		w.homes = append(w.homes, func(d adoption.Day) string {
			switch {
			case d >= third:
				return c
			case d >= second:
				return b
			}
			return a
		})
	}
	for _, tool := range []string{"code", "mail"} {
		may := map[int]bool{}
		for p := range persons {
			if r.IntN(3) > 0 || tool == "mail" && p%11 > 0 {
				may[p] = true
				licences = append(licences, fmt.Sprintf("p%d@example.org,%s,2026-01-01", p, tool))
			}
		}
		w.access[tool] = func(p int, _ adoption.Day) bool { return may[p] }
	}
	c.units(units...)
	c.people(people...)
	c.licences(licences...)
	var events []adoption.Event
	for range 500 {
		day, tool, from, n := first+adoption.Day(r.IntN(18)), w.tools[r.IntN(3)], r.IntN(persons+2), 1+r.Uint64N(4)
		var to []int
		for range 1 + r.IntN(3) {
			other := r.IntN(persons + 2) // two whom nobody knows
			if slices.Contains(to, other) {
				continue
			}
			to = append(to, other)
			if from < persons && other < persons {
				w.ties = append(w.ties, tie{day, tool, from, other, n})
			}
		}
		events = append(events, c.message(day, tool, from, to, n))
	}
	for _, tool := range w.tools { // so that there is something of each tool on the first day
		events = append(events, c.message(first, tool, 0, nil, 1))
	}
	c.arrive(events, first, first+17)
	c.settle()
	return w
}
