package tally_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/ingest/refresh/tally"
)

// Three days are counted: 0, 1 and 36, the last one that there is room for. A window of day i reaches from offset i to i + 27.
// One person, in unit 1 on all of them, with access to tool 2 on days 0 and 36, and to all tools.
func TestWindowsBeginAndEnd(t *testing.T) {
	counted := tally.NewWindows(tally.WindowsPlan{Names: tally.Names{Units: 2, Tools: 4, Values: 2, Licensed: []bool{false, true, true, false}}, Days: 1 | 1<<1 | 1<<36, By: 1 << 36})
	counted.Add(
		[]tally.Act{
			{Tool: 2, Offset: 0, Contributed: 1, Done: 2}, // in the window of day 0 only, its first day
			{Tool: 2, Offset: 63, Responded: true, Done: 5 << 32},
			{Tool: 3, Offset: 28, Done: 10}, // in that of day 1, its last day, and not of day 36, which begins at 36
		},
		&tally.Person{
			Stays:  []tally.Stay{{Unit: 1, Values: [3]uint32{1, 1, 1}, To: 36}},
			Grants: []tally.Grant{{Tool: 2, To: 0}, {Tool: 2, From: 36, To: 36}, {Tool: 3, To: 36}},
		})

	type key struct {
		tool uint16
		day  int
	}
	got := map[key]tally.Use{}
	require.NoError(t, counted.Units(func(unit uint32, tool uint16, day int, u *tally.Use) error {
		require.EqualValues(t, 1, unit)
		got[key{tool, day}] = *u
		return nil
	}))
	require.Len(t, got, 6, "tool 2 on days 0 and 36, tool 3 on day 1, all tools on each")

	// Day 0, tool 2: one active day of 28, not in the last seven, two actions: 100 · 1/12 · (0.50 + 0.25 · 2/5 + 0.15 + 0.10).
	first := got[key{2, 0}]
	require.InDelta(t, 100.0/12*0.85, first.Score, 1e-9)
	require.EqualValues(t, []uint64{0, 0, 1, 1, 1, 0, 0, 2}, []uint64{first.Active1, first.Active7, first.Active28, first.ActiveDays, first.Creators, first.Responders, first.Consumers, first.Actions})
	require.EqualValues(t, 1, first.Contributed.Sum())

	// Day 36, tool 2: on the day itself, more than a number of 32 bits can hold.
	last := got[key{2, 36}]
	require.EqualValues(t, []uint64{1, 1, 1, 1, 0, 1, 0, 5 << 32}, []uint64{last.Active1, last.Active7, last.Active28, last.ActiveDays, last.Creators, last.Responders, last.Consumers, last.Actions})
	amounts, people := last.Acted.Bars()
	require.Equal(t, []uint64{5 << 32}, amounts)
	require.Equal(t, []uint64{1}, people)

	// All tools of day 0: one of three tools, which is a third of breadth; their actions are not summed here.
	all := got[key{1, 0}]
	require.InDelta(t, 100.0/12*(0.75+0.10/3), all.Score, 1e-9)
	require.Zero(t, all.Actions)
	require.EqualValues(t, 2, all.Acted.Sum())

	var by []key
	require.NoError(t, counted.Values(0, func(value uint32, tool uint16, day int, u *tally.Use) error {
		by = append(by, key{tool, day})
		return nil
	}))
	require.Equal(t, []key{{1, 36}, {2, 36}}, by)
}

// Who has no unit, or no licence on the day, is counted as such and in nothing else.
func TestNoAccess(t *testing.T) {
	counted := tally.NewWindows(tally.WindowsPlan{Names: tally.Names{Units: 2, Tools: 3, Values: 1, Licensed: []bool{false, false, true}}, Days: 1})
	acts := []tally.Act{{Tool: 2, Offset: 27, Done: 1}}
	counted.Add(acts, &tally.Person{Grants: []tally.Grant{{Tool: 2}}})
	counted.Add(acts, &tally.Person{Stays: []tally.Stay{{Unit: 1}}})
	seen := 0
	require.NoError(t, counted.Units(func(unit uint32, tool uint16, day int, u *tally.Use) error {
		seen++
		if unit == 1 && tool == 1 {
			require.EqualValues(t, 1, u.Active28, "all tools are open here")
			return nil
		}
		require.EqualValues(t, 1, u.NotEnabled)
		require.Zero(t, u.Active28)
		return nil
	}))
	require.Equal(t, 4, seen)
}

func TestBars(t *testing.T) {
	counted := tally.NewWindows(tally.WindowsPlan{Names: tally.Names{Units: 2, Tools: 3, Values: 1, Licensed: make([]bool, 3)}, Days: 1})
	for _, done := range []uint64{3, 1, 1 << 40, 3, 2} {
		counted.Add([]tally.Act{{Tool: 2, Offset: 27, Contributed: done / 3, Done: done}}, &tally.Person{Stays: []tally.Stay{{Unit: 1}}})
	}
	require.NoError(t, counted.Units(func(_ uint32, tool uint16, _ int, u *tally.Use) error {
		amounts, people := u.Acted.Bars()
		require.Equal(t, []uint64{1, 2, 3, 1 << 40}, amounts)
		require.Equal(t, []uint64{1, 1, 2, 1}, people)
		amounts, people = u.Contributed.Bars()
		require.Equal(t, []uint64{1, (1 << 40) / 3}, amounts, "0 is nobody's")
		require.Equal(t, []uint64{2, 1}, people)
		return nil
	}))
}
