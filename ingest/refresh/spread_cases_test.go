package refresh_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// In the 28 days up to Monday 2026-04-20, from 03-24 on, of the people of Sales
//
//	1 and 2 posted 3 times each and viewed once: 4 actions, 3 contributions;
//	3 posted 1,000,000,000 times in one record, the most that one may stand for: 1 and 1 bar;
//	4 viewed 4 times, contributed nothing;
//	5 posted 2 times in the wiki and 2 in the chat, 4 in all of them;
//	6 posted on 03-23, a day before the window.
//
// So of the wiki 4 actions have 3 people (1, 2, 4), 2 have one (5), 10⁹ one (3).
func TestSpread(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.place("sales", "2026-01-01", 1, 2, 3, 4, 5, 6)
	post := func(person, times uint64, tool, action, date string) {
		e := event(c, person, tool, action, date+"T10:00:00Z")
		e.Quantity = times
		c.post(e)
	}
	for _, person := range []uint64{1, 2} {
		post(person, 1, "wiki", "post", "2026-03-24")
		post(person, 2, "wiki", "post", "2026-04-20")
		post(person, 1, "wiki", "view", "2026-04-20")
	}
	post(3, 1_000_000_000, "wiki", "post", "2026-04-10")
	post(4, 4, "wiki", "view", "2026-04-10")
	post(5, 2, "wiki", "post", "2026-04-10")
	post(5, 2, "chat", "post", "2026-04-10")
	post(6, 7, "wiki", "post", "2026-03-23")
	f := c.read()
	at := func(d, tool string) spreadCell { return f.spread[cell{day(t, d), "sales", tool}] }
	require.Equal(t, spreadCell{map[uint64]uint64{2: 1, 4: 3, 1e9: 1}, map[uint64]uint64{2: 1, 3: 2, 1e9: 1}}, at("2026-04-20", "wiki"))
	require.Equal(t, spreadCell{map[uint64]uint64{2: 1}, map[uint64]uint64{2: 1}}, at("2026-04-20", "chat"))
	// In all tools 5 joins the others who acted four times.
	require.Equal(t, spreadCell{map[uint64]uint64{4: 4, 1e9: 1}, map[uint64]uint64{3: 2, 4: 1, 1e9: 1}}, at("2026-04-20", "all"))
	// A day before, 6 is in the window, and 1 and 2 have only posted once.
	require.Equal(t, spreadCell{map[uint64]uint64{1: 2, 2: 1, 4: 1, 7: 1, 1e9: 1}, map[uint64]uint64{1: 2, 2: 1, 7: 1, 1e9: 1}}, at("2026-04-19", "wiki"))
}

// People who move take their window with them, and who has no access is in no bar.
func TestSpreadOfThoseWhoArePlacedAndEnabled(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.place("sales", "2026-01-01", 1, 2)
	c.place("legal", "2026-04-15", 1)
	c.license(1, "wiki", "2026-01-01", "2026-04-17")
	c.post(event(c, 1, "wiki", "post", "2026-04-10T10:00:00Z"), event(c, 2, "wiki", "post", "2026-04-10T10:00:00Z"))
	f := c.read()
	one := spreadCell{map[uint64]uint64{1: 1}, map[uint64]uint64{1: 1}}
	for d := day(t, "2026-04-10"); d <= day(t, "2026-04-20"); d++ {
		want := map[string]spreadCell{}
		if d < day(t, "2026-04-15") {
			want["sales"] = one
		} else if d <= day(t, "2026-04-17") {
			want["legal"] = one
		}
		for _, unit := range []string{"sales", "legal", adoption.Unassigned} {
			got, there := f.spread[cell{d, unit, "wiki"}]
			expected, should := want[unit]
			require.Equal(t, should, there, "%s %s", d, unit)
			require.Equal(t, expected, got, "%s %s", d, unit)
		}
	}
}
