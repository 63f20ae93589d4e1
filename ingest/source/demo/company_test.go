package demo

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func day(t testing.TB, text string) adoption.Day {
	t.Helper()
	d, err := adoption.ParseDay(text)
	require.NoError(t, err)
	return d
}

// address stands in for the keyed hash where no database is.
func address(text string) (h adoption.Hash) { copy(h[:], text); return h }

// same tells whether two companies have the same files and events.
func same(a, b *company) bool {
	if !slices.Equal(slices.Collect(a.files), slices.Collect(b.files)) {
		return false
	}
	first, second := newActivity(a, time.UTC, address), newActivity(b, time.UTC, address)
	for day := range Days {
		if !reflect.DeepEqual(first.events(day, nil), second.events(day, nil)) {
			return false
		}
	}
	return true
}

func TestTheSameCompanyEachTime(t *testing.T) {
	last := day(t, testDay)
	c := newCompany(Manufacturer, last)
	assert.True(t, same(c, newCompany(Manufacturer, last)))
	assert.False(t, same(c, newCompany(Manufacturer, last+1)))
	assert.False(t, same(c, newCompany(LawFirm, last)))
}

// theBank takes seconds to make, so its tests share one.
var theBank = sync.OnceValue(func() *company {
	last, _ := adoption.ParseDay(testDay)
	return newCompany(Bank, last)
})

func TestCompaniesHaveTheirSize(t *testing.T) {
	for preset, want := range map[Preset]struct{ people, units, levels int }{
		LawFirm: {50, 7, 2}, Manufacturer: {300, 23, 3}, Bank: {130_000, 400, 4},
	} {
		c := theBank()
		if preset != Bank {
			c = newCompany(preset, day(t, testDay))
		}
		people, leavers, joiners, movers := 0, 0, 0, 0
		for i := range c.people {
			switch p := &c.people[i]; {
			case p.unit == nowhere:
			case p.left != never:
				leavers++
			default:
				people++
				if p.joined != always {
					joiners++
				}
				if p.moved != never {
					movers++
				}
			}
		}
		assert.Equal(t, want.people, people, preset)
		assert.Positive(t, leavers, preset)
		assert.Positive(t, joiners, preset)
		if preset != LawFirm { // each of its units has a part to play: nobody moves
			assert.Positive(t, movers, preset)
		}
		assert.Less(t, leavers+joiners+movers, people/4, preset)
		level := map[string]int{adoption.Company: 0}
		deepest := 0
		for _, u := range c.units {
			above, known := level[u.parent]
			require.True(t, known, "%s: %s stands before its parent", preset, u.id)
			_, twice := level[u.id]
			require.False(t, twice, u.id)
			level[u.id] = above + 1
			deepest = max(deepest, above+1)
		}
		assert.Len(t, c.units, want.units, preset)
		assert.Equal(t, want.levels, deepest, preset)
	}
}

// TestTheStoryOnAnyDay looks at the story with the demo's year ending at any time of the year. The quiet week is left
// out: in January every unit's figures are down for a while, as they are in life.
func TestTheStoryOnAnyDay(t *testing.T) {
	for _, last := range []string{"2026-02-14", "2026-03-31", "2026-06-10", "2026-07-30", "2026-09-05", testDay, "2026-12-20", "2028-03-01"} {
		t.Run(last, func(t *testing.T) {
			f := count(newCompany(Manufacturer, day(t, last)))
			const now, before = Days - 1, Days - 1 - 56
			rate := func(unit string, tool, day int) float64 { r, _, _, _ := f.rate(unit, tool, day); return r }
			whole := rate(adoption.Company, toolCount, now)
			var grown []float64
			for _, u := range f.c.units {
				if u.parent != adoption.Company {
					continue
				}
				r := rate(u.id, toolCount, now)
				assert.True(t, 0.2 <= r && r <= 0.93, "%s: %.2f", u.id, r)
				switch growth := r - rate(u.id, toolCount, before); u.role {
				case ahead:
					assert.Greater(t, r, whole+0.15, "far ahead")
				case stalled:
					assert.Less(t, r, whole-0.10)
					assert.Less(t, growth, 0.04, "stalled")
				default:
					grown = append(grown, growth)
				}
			}
			slices.Sort(grown)
			assert.Greater(t, grown[len(grown)/2], 0.03, "the others grow")
			assert.Greater(t, rate("logistics", notes, now), 0.45, "the pilot is taken up")
			assert.Greater(t, rate("logistics", toolCount, now)-rate("logistics", toolCount, pilotDay-1), 0.10, "and lifts the unit")

			_, _, _, without := f.rate(adoption.Company, wiki, now)
			_, allowed, using, _ := f.rate("it", wiki, now)
			assert.Greater(t, without, 4*using, "most who use the wiki may not")
			assert.Positive(t, allowed)
			for _, u := range f.c.units {
				_, enabled, _, _ := f.rate(u.id, chat, now)
				if u.entity == birch && u.role == ordinary {
					assert.LessOrEqual(t, enabled, 3, "%s may not chat, but who moved there", u.id)
				}
			}
		})
	}
}

func TestNoFeedLooksBroken(t *testing.T) {
	for _, preset := range []Preset{LawFirm, Manufacturer} {
		f := count(newCompany(preset, day(t, "2026-02-14"))) // the quiet week is in it
		for tool := range tools {
			for d := int(f.c.begins(tool)); d < Days; d++ {
				used := false
				for _, of := range f.active[d] {
					used = used || of[tool]
				}
				assert.True(t, used, "%s: nothing of %s on %s", preset, tools[tool].id, f.c.day(d))
			}
		}
	}
}

func TestWorkFollowsTheCalendar(t *testing.T) {
	f := count(newCompany(Manufacturer, day(t, "2026-02-14")))
	mean := func(belongs func(time.Time) bool) float64 {
		people, days := 0, 0
		for d := range Days {
			if belongs(f.c.day(d).Time()) {
				people += len(f.active[d])
				days++
			}
		}
		return float64(people) / float64(days)
	}
	weekday := mean(func(d time.Time) bool { return d.Month() == time.October && d.Weekday() == time.Tuesday })
	assert.Less(t, mean(func(d time.Time) bool { return d.Month() == time.October && d.Weekday() == time.Sunday }), weekday/10)
	assert.Less(t, mean(func(d time.Time) bool { return d.Month() == time.December && d.Day() > 26 }), weekday/5)
}

func TestPeopleDifferAsTheyDo(t *testing.T) {
	c := newCompany(Manufacturer, day(t, testDay))
	a := newActivity(c, time.UTC, address)
	who := map[adoption.Hash]*person{}
	for i := range c.people {
		who[a.actors[i]] = &c.people[i]
	}
	actions := map[adoption.Hash]uint64{}
	ids := map[string]bool{}
	inside, across, outside, total := 0, 0, 0, uint64(0)
	for d := range Days {
		for _, e := range a.events(d, nil) {
			class, known := adoption.ClassOf(e.Action)
			require.True(t, known)
			require.Equal(t, class, e.Class)
			require.Equal(t, c.day(d), e.Day(time.UTC))
			id := fmt.Sprint(e.Source, e.ID)
			require.False(t, ids[id], "one event a person, tool, class and day")
			ids[id] = true
			actions[e.Actor] += e.Quantity
			total += e.Quantity
			for _, to := range e.Counterparts {
				switch p := who[to]; {
				case p == nil:
					outside++
				case p.unit == who[e.Actor].unit:
					inside++
				default:
					across++
				}
			}
		}
	}
	all := make([]uint64, 0, len(actions))
	for _, n := range actions {
		all = append(all, n)
	}
	slices.Sort(all)
	top := uint64(0)
	for _, n := range all[len(all)*9/10:] {
		top += n
	}
	assert.Greater(t, float64(top), 0.3*float64(total), "a tenth of the people does a good third")
	assert.Greater(t, inside, 2*across, "most talk is inside a unit")
	assert.Positive(t, outside)
	assert.Less(t, outside, (inside+across)/50)
}

func TestFilesGrowNoLongerThanTheDoorTakes(t *testing.T) {
	kinds := map[string]int{}
	for f := range theBank().files {
		kinds[f.kind]++
		assert.Less(t, len(f.text), maxFile+1000)
	}
	assert.Equal(t, []string{"licences", "people", "tools", "units"}, slices.Sorted(maps.Keys(kinds)))
}

func TestParsePreset(t *testing.T) {
	for _, p := range Presets() {
		parsed, err := ParsePreset(string(p))
		require.NoError(t, err)
		assert.Equal(t, p, parsed)
	}
	_, err := ParsePreset("circus")
	assert.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
}
