package ingest

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"uptake/adoption"
)

func in(where string, first, last adoption.Day) stay { return stay{days{first, last}, where} }

func TestDifferencesAreTheDaysOnWhichTwoListsDisagree(t *testing.T) {
	const limit = 100
	for name, c := range map[string]struct {
		before, after []stay
		want          []days
	}{
		"nothing and nothing":       {nil, nil, nil},
		"the same":                  {[]stay{in("a", 3, 9)}, []stay{in("a", 3, 9)}, nil},
		"new":                       {nil, []stay{in("a", 3, 9)}, []days{{3, 9}}},
		"new and open":              {nil, []stay{in("a", 90, adoption.LastDay)}, []days{{90, limit}}},
		"new in the future":         {nil, []stay{in("a", 101, adoption.LastDay)}, nil},
		"another unit":              {[]stay{in("a", 3, 9)}, []stay{in("b", 3, 9)}, []days{{3, 9}}},
		"a move inside":             {[]stay{in("a", 0, 99)}, []stay{in("a", 0, 49), in("b", 50, 99)}, []days{{50, 99}}},
		"begins earlier":            {[]stay{in("a", 5, 9)}, []stay{in("a", 3, 9)}, []days{{3, 4}}},
		"ends earlier":              {[]stay{in("a", 5, 9)}, []stay{in("a", 5, 7)}, []days{{8, 9}}},
		"the same, cut differently": {[]stay{in("a", 5, 9)}, []stay{in("a", 5, 7), in("a", 8, 9)}, nil},
		"a gap":                     {[]stay{in("a", 0, 9)}, []stay{in("a", 0, 3), in("a", 6, 9)}, []days{{4, 5}}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, merge(differences(c.before, c.after, limit)))
		})
	}
}

// TestDifferencesAgreeWithLookingAtEachDay compares with the plain way on random lists.
func TestDifferencesAgreeWithLookingAtEachDay(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	list := func() (stays []stay) {
		for day := adoption.Day(random.IntN(5)); day < 60; {
			last := day + adoption.Day(random.IntN(8))
			stays = append(stays, in(string(rune('a'+random.IntN(3))), day, last))
			day = last + 1 + adoption.Day(random.IntN(4))
		}
		return stays
	}
	unit := func(stays []stay, day adoption.Day) string {
		for _, s := range stays {
			if s.first <= day && day <= s.last {
				return s.where
			}
		}
		return ""
	}
	for range 2000 {
		before, after := list(), list()
		want := map[adoption.Day]bool{}
		for day := adoption.Day(0); day <= 50; day++ {
			if unit(before, day) != unit(after, day) {
				want[day] = true
			}
		}
		got := map[adoption.Day]bool{}
		for _, d := range differences(before, after, 50) {
			for day := d.first; day <= d.last; day++ {
				got[day] = true
			}
		}
		assert.Equal(t, want, got)
	}
}

func TestMergeJoinsWhatOverlapsOrTouches(t *testing.T) {
	assert.Equal(t, []days{{1, 6}, {8, 9}}, merge([]days{{8, 9}, {4, 6}, {1, 3}, {2, 2}}))
	assert.Nil(t, merge(nil))
}

func TestMembershipsEndWhereTheNextBegins(t *testing.T) {
	const end = adoption.LastDay
	row := func(unit string, from, to, left adoption.Day) position {
		return position{unit: unit, from: from, to: to, left: left}
	}
	in := func(unit string, first, last adoption.Day) stay {
		return in(position{unit: unit}.place(), first, last)
	}
	for name, c := range map[string]struct {
		rows []position
		want []stay
	}{
		"open":                        {[]position{row("a", 5, end, end)}, []stay{in("a", 5, end)}},
		"its own end":                 {[]position{row("a", 5, 9, end)}, []stay{in("a", 5, 9)}},
		"the end of employment":       {[]position{row("a", 5, 9, 7)}, []stay{in("a", 5, 7)}},
		"the next row":                {[]position{row("a", 5, end, end), row("b", 8, end, end)}, []stay{in("a", 5, 7), in("b", 8, end)}},
		"a gap before the next":       {[]position{row("a", 5, 6, end), row("b", 8, end, end)}, []stay{in("a", 5, 6), in("b", 8, end)}},
		"gone before it began":        {[]position{row("a", 5, end, 4)}, []stay{}},
		"gone, and hired again later": {[]position{row("a", 5, end, 6), row("a", 9, end, end)}, []stay{in("a", 5, 6), in("a", 9, end)}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, memberships(c.rows)) })
	}
}

func TestOverlayKeepsTheLaterOfTheSameDay(t *testing.T) {
	row := func(unit string, from adoption.Day) position { return position{unit: unit, from: from} }
	all, changed := overlay(
		[]position{row("a", 1), row("b", 5), row("c", 9)},
		lastOfDay([]position{row("y", 7), row("x", 5), row("c", 9), row("z", 7)}))
	assert.Equal(t, []position{row("a", 1), row("x", 5), row("z", 7), row("c", 9)}, all)
	assert.Equal(t, []position{row("x", 5), row("z", 7)}, changed)
}
