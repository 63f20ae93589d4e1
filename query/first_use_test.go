package query

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// none is a day that has not come.
const none = adoption.LastDay

// spell is a row of kpi_begin: somebody's stay in a unit with access.
type spell struct {
	unit                               string
	first, last, enabled, active, used adoption.Day
}

// begun stores spells of a tool, one person each, in two groups of persons.
func (s *store) begun(tool string, spells ...spell) {
	for i, p := range spells {
		s.insert("kpi_begin", 8, adoption.Day(i%2), tool, uint64(i), p.unit, p.first.Time(), p.last.Time(), p.enabled.Time(), p.active.Time(), p.used.Time())
	}
}

// since is the spell of somebody with access since a day, without end, who used the tool so many days after it; none: never.
func since(unit, enabled string, wait adoption.Day) spell {
	e := day(enabled)
	used := none
	if wait != none {
		used = e + wait
	}
	return spell{unit, e, none, e, used, used}
}

// pioneers is Sales (East 12, West 6) and Legal 8, all with access to the wiki on Saturday 2026-10-31.
func pioneers(t testing.TB) (*store, []spell) {
	s := newStore(t)
	s.unit("sales", "company", "Sales")
	s.unit("east", "sales", "Sales East")
	s.unit("west", "sales", "Sales West")
	s.unit("legal", "company", "Legal")
	s.licensed("wiki")
	s.events("feed", "wiki", day("2026-08-03"), day("2026-11-01"))
	var spells []spell
	for _, wait := range []adoption.Day{0, 2, 4, 10, 30, 31, none, none} {
		spells = append(spells, since("east", "2026-09-01", wait))
	}
	spells = append(spells,
		since("east", "2026-10-10", 2),    // 21 days ago
		since("east", "2026-10-01", 30),   // 30 days ago, active today: within 30 days
		since("east", "2026-10-02", none), // 29 days ago
		spell{"east", day("2026-09-01"), none, day("2026-09-01"), day("2026-08-15"), day("2026-09-06")},              // active before access: 5 days
		spell{"east", day("2026-09-01"), day("2026-10-30"), day("2026-09-01"), day("2026-09-02"), day("2026-09-02")}, // left yesterday
		spell{"east", day("2026-11-01"), none, day("2026-09-01"), day("2026-09-02"), day("2026-09-02")},              // comes tomorrow
	)
	for _, wait := range []adoption.Day{1, 3, none, none, none, none} {
		spells = append(spells, since("west", "2026-10-20", wait))
	}
	for _, wait := range []adoption.Day{7, 7, 7, 7, 7, none, none, none} {
		spells = append(spells, since("legal", "2026-09-01", wait))
	}
	d := day("2026-10-31")
	s.heads(d, "east", 12, "west", 6, "legal", 8)
	s.sizes(d, "wiki", "east", 12, "west", 6, "legal", 8)
	return s, spells
}

func (s *store) firstUse(unit string) map[string]FirstUseRow {
	s.t.Helper()
	d := day("2026-10-31")
	answer, err := s.FirstUse(context.Background(), AdoptionQuestion{Unit: unit, Tool: "wiki", From: d, To: d, Children: true})
	require.NoError(s.t, err)
	rows := map[string]FirstUseRow{}
	for _, row := range answer.Rows {
		rows[row.Unit] = row
	}
	return rows
}

// told is what a row tells, in the order started, median, enabled_30, activated_30, rate; −1 is nil.
func told(row FirstUseRow) (figures [5]float64) {
	for i, n := range []*uint64{row.Started, nil, row.Enabled30, row.Activated30} {
		figures[i] = -1
		if n != nil {
			figures[i] = float64(*n)
		}
	}
	figures[4] = -1
	if row.MedianDays != nil {
		figures[1] = *row.MedianDays
	}
	if row.ActivationRate != nil {
		figures[4] = *row.ActivationRate
	}
	return figures
}

func TestTheFirstUseByHand(t *testing.T) {
	s, spells := pioneers(t)
	s.begun("wiki", spells...)
	s.publish()
	company, sales := s.firstUse("company"), s.firstUse("sales")
	// East waited 0 2 2 4 5 10 30 30 31: nine, the fifth is 5. Of the 12, 10 have had access for 30 days (not those of
	// 10-10 and 10-02); of these 0 2 4 5 10 30 30 are within 30 days, 31 is not: 7.
	assert.Equal(t, [5]float64{9, 5, 10, 7, 0.7}, told(sales["east"]))
	// West: two have begun, too few for a median; nobody has had access for 30 days.
	assert.Equal(t, [5]float64{2, -1, 0, 0, -1}, told(sales["west"]))
	// Together: 0 1 2 2 3 4 5 10 30 30 31, the sixth of eleven is 4.
	assert.Equal(t, [5]float64{11, 4, 10, 7, 0.7}, told(sales["sales"]))
	assert.Equal(t, told(sales["sales"]), told(company["sales"]))
	assert.Equal(t, [5]float64{5, 7, 8, 5, 0.625}, told(company["legal"]))
	// With five times 7, 16 people: the eighth and the ninth of 0 1 2 2 3 4 5 7 7 7 … are 7. 18 eligible, 12 activated.
	assert.Equal(t, [5]float64{16, 7, 18, 12, 12.0 / 18}, told(company["company"]))
	assert.Equal(t, "2026-08-03", company["company"].DataFrom.String())
	assert.Equal(t, uint64(26), company["company"].Enabled)
}

// Of Legal's people only 3 have had access for 30 days. Their activation is hidden, and Sales's, from which and the company's
// it could be computed; so is everything below Sales. What all of the enabled did is shown.
func TestActivationOfFewIsHidden(t *testing.T) {
	s, spells := pioneers(t)
	for i := range spells[20:] {
		if i >= 3 {
			spells[20+i] = since("legal", "2026-10-20", none)
		}
	}
	s.begun("wiki", spells...)
	s.publish()
	company, sales := s.firstUse("company"), s.firstUse("sales")
	assert.Equal(t, [5]float64{3, -1, -1, -1, -1}, told(company["legal"]))
	assert.Equal(t, [5]float64{11, 4, -1, -1, -1}, told(company["sales"]))
	assert.Equal(t, [5]float64{9, 5, -1, -1, -1}, told(sales["east"]))
	assert.Equal(t, 13.0, told(company["company"])[2], "10 of Sales and 3 of Legal")
}

func TestTheFirstUseOfFewIsHidden(t *testing.T) {
	s, spells := pioneers(t)
	d := day("2026-10-31")
	s.heads(d, "board", 3)
	s.sizes(d, "wiki", "board", 3)
	s.unit("board", "company", "Board")
	s.begun("wiki", append(spells, since("board", "2026-09-01", 1), since("board", "2026-09-01", 1), since("board", "2026-09-01", none))...)
	s.publish()
	rows := s.firstUse("company")
	hidden := [5]float64{-1, -1, -1, -1, -1}
	assert.Equal(t, hidden, told(rows["board"]))
	assert.True(t, rows["board"].Suppressed)
	assert.Equal(t, hidden, told(rows["legal"]), "with the Board")
	// 5 of Legal after 7 days, 2 of the Board after 1: the fourth of seven is 7. 11 have had access for 30 days.
	assert.Equal(t, [5]float64{7, 7, 11, 7, 7.0 / 11}, told(rows["company.rest"]))
	answer, err := s.Diffusion(context.Background(), DiffusionQuestion{Unit: "board", Tool: "wiki", To: d})
	require.NoError(t, err)
	require.Len(t, answer.Rows, 1)
	row := answer.Rows[0]
	assert.True(t, row.Adopters == nil && row.Share == nil && row.Curve == nil && row.Rogers == nil && row.Fit == nil && row.NoFit == nil && row.Forecast == nil && row.Stalled == nil && row.Why == nil)
}

// As long as the directory is ahead of the sizes that groups are judged by, nothing is told.
func TestTheFirstUseWaitsForTheSizes(t *testing.T) {
	s, spells := pioneers(t)
	s.begun("wiki", spells[1:]...)
	s.publish()
	for unit, row := range s.firstUse("company") {
		assert.Equal(t, [5]float64{-1, -1, -1, -1, -1}, told(row), unit)
		assert.False(t, row.Suppressed)
	}
	s.begun("wiki", spells...)
	s.publish()
	assert.Equal(t, 16.0, told(s.firstUse("company")["company"])[0])

	s.begun("wiki", append(spells, since("nowhere", "2026-09-01", 1))...)
	s.publish()
	assert.Equal(t, -1.0, told(s.firstUse("company")["company"])[0], "a unit that nobody knows yet")
}

// People of chance, with several spells each, against plain loops.
func TestTheFirstUseOfPeopleOfChance(t *testing.T) {
	s := newStore(t)
	s.MinGroup = 1
	r := rand.New(rand.NewPCG(3, 9))
	from := day("2026-03-01")
	var spells []spell
	for range 300 {
		p := spell{enabled: from + adoption.Day(r.IntN(200)), active: none, used: none}
		if r.IntN(3) > 0 {
			p.used = p.enabled + adoption.Day(r.IntN(90))
			p.active = p.used - adoption.Day(r.IntN(2)*r.IntN(60))
		}
		at := p.enabled
		for at < p.enabled+150 { // stays one after the other, with gaps
			p.unit, p.first, p.last = []string{"a", "b", "c"}[r.IntN(3)], at, at+adoption.Day(r.IntN(100))
			spells = append(spells, p)
			at = p.last + 1 + adoption.Day(r.IntN(20))
		}
	}
	s.begun("chat", spells...)
	s.events("feed", "chat", from, from)
	days := []adoption.Day{day("2026-05-31"), day("2026-07-19"), day("2026-10-31")}
	for _, d := range days {
		heads := map[string]int{"a": 0, "b": 0, "c": 0}
		for _, p := range spells {
			if p.first <= d && d <= p.last {
				heads[p.unit]++
			}
		}
		s.heads(d, "a", heads["a"], "b", heads["b"], "c", heads["c"])
	}
	s.publish()
	for _, d := range days {
		for _, unit := range []string{"a", "b", "c", "company"} {
			want, curve := plainly(spells, unit, d)
			answer, err := s.FirstUse(context.Background(), AdoptionQuestion{Unit: unit, Tool: "chat", From: d, To: d})
			require.NoError(t, err)
			require.Len(t, answer.Rows, 1)
			assert.Equal(t, want, told(answer.Rows[0]), "%s %s", unit, d)
			spread, err := s.Diffusion(context.Background(), DiffusionQuestion{Unit: unit, Tool: "chat", To: d})
			require.NoError(t, err)
			got := map[adoption.Day]uint64{}
			for _, w := range spread.Rows[0].Curve {
				if w.New > 0 {
					got[w.Week] = w.New
				}
			}
			assert.Empty(t, cmp.Diff(curve, got), "%s %s", unit, d)
		}
	}
}

// plainly is the figures in the order of told, and how many adopted in the week of each Monday.
func plainly(spells []spell, unit string, d adoption.Day) (figures [5]float64, curve map[adoption.Day]uint64) {
	var waits []int
	curve = map[adoption.Day]uint64{}
	for _, p := range spells {
		if p.first > d || p.last < d || unit != "company" && p.unit != unit {
			continue
		}
		if p.active <= d {
			monday := p.active
			for monday.Weekday() != 1 {
				monday--
			}
			curve[monday]++
		}
		if p.used <= d {
			waits = append(waits, int(p.used-p.enabled))
		}
		if p.enabled <= d-30 {
			figures[2]++
			if p.used <= d && p.used <= p.enabled+30 {
				figures[3]++
			}
		}
	}
	slices.Sort(waits)
	figures[0], figures[1], figures[4] = float64(len(waits)), -1, -1
	if n := len(waits); n > 0 {
		figures[1] = float64(waits[(n-1)/2]+waits[n/2]) / 2
	}
	if figures[2] > 0 {
		figures[4] = figures[3] / figures[2]
	}
	return figures, curve
}
