package refresh_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

// beginning is how one of the people enabled on a day began: when access did, the first day of activity ever, and the
// first one with access; −1 where there is none.
type beginning struct{ enabled, active, used adoption.Day }

func sortBeginnings(all map[cell][]beginning) {
	for _, list := range all {
		slices.SortFunc(list, func(a, b beginning) int {
			return cmp.Or(cmp.Compare(a.enabled, b.enabled), cmp.Compare(a.active, b.active), cmp.Compare(a.used, b.used))
		})
	}
}

// countBegin finds the beginnings of the people enabled on each day with figures, looking at one day after the other.
func (w *world) countBegin(f *figures, tools []string, enabled func(adoption.Person, string, adoption.Day) bool) {
	f.begin = map[cell][]beginning{}
	first := w.horizon
	for _, r := range w.people {
		first = min(first, r.from)
	}
	members := map[adoption.Person]bool{}
	for _, r := range w.people {
		members[r.person] = true
	}
	for p := range members {
		for _, tool := range append(slices.Clone(tools), "all") {
			b := beginning{-1, -1, -1}
			for d := min(first, w.earliest(f)); d <= w.today+1; d++ {
				if b.enabled < 0 && enabled(p, tool, d) {
					b.enabled = d
				}
				if f.on(p, tool, tools, d).active() {
					if b.active < 0 {
						b.active = d
					}
					if b.used < 0 && b.enabled >= 0 {
						b.used = d
					}
				}
			}
			for d := w.horizon; d <= w.today && b.enabled >= 0; d++ {
				if enabled(p, tool, d) {
					key := cell{d, w.unitOf(p, d), tool}
					f.begin[key] = append(f.begin[key], b)
				}
			}
		}
	}
	sortBeginnings(f.begin)
}

// earliest is the first day with a fact, today if there is none.
func (w *world) earliest(f *figures) adoption.Day {
	first := w.today
	for key := range f.personDay {
		first = min(first, key.day)
	}
	return first
}

// readBegin takes the spans of kpi_begin apart into the days of f.
func readBegin(t testing.TB, db driver.Conn, f *figures) {
	t.Helper()
	f.begin = map[cell][]beginning{}
	none := func(at time.Time) adoption.Day {
		if dayOf(at) == adoption.LastDay {
			return -1
		}
		return dayOf(at)
	}
	each(t, db, `SELECT tool, unit, first_day, last_day, enabled, active, used FROM kpi_begin`+seen+`kpi_begin' GROUP BY day) AND used != toDate(65534)`,
		func(scan func(...any) error) error {
			var tool, unit string
			var from, to, enabled, active, used time.Time
			err := scan(&tool, &unit, &from, &to, &enabled, &active, &used)
			for _, d := range f.days {
				if d >= dayOf(from) && d <= dayOf(to) {
					key := cell{d, unit, tool}
					f.begin[key] = append(f.begin[key], beginning{dayOf(enabled), none(active), none(used)})
				}
			}
			return err
		})
	sortBeginnings(f.begin)
}
