package ingest

import (
	"cmp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"uptake/adoption"
)

// unitLines reads "unit>parent" pairs, one a line from line 2 on.
func unitLines(pairs string) (lines []line[adoption.Unit]) {
	for i, pair := range strings.Fields(pairs) {
		unit, parent, _ := strings.Cut(pair, ">")
		lines = append(lines, line[adoption.Unit]{i + 2, adoption.Unit{ID: unit, Parent: cmp.Or(parent, adoption.Company)}})
	}
	return lines
}

func TestUnitsMustHangOnTheCompany(t *testing.T) {
	const orphan, circle = "unknown", "circle"
	type wrong = map[int]string
	for name, c := range map[string]struct {
		stored, file string
		wrong        wrong
		want         string // what is taken from the file
	}{
		"a child before its parent":        {"", "b>a a>", wrong{}, "b>a a>company"},
		"a parent from before":             {"a>", "b>a", wrong{}, "b>a"},
		"nobody knows the parent":          {"", "a> b>x", wrong{3: orphan}, "a>company"},
		"what hangs on an orphan":          {"", "c>b b>x a>", wrong{2: orphan, 3: orphan}, "a>company"},
		"an orphan falls back":             {"b>", "b>x c>b", wrong{2: orphan}, "c>b"},
		"the last of two lines wins":       {"", "a> b> b>a", wrong{}, "a>company b>a"},
		"a wrong line leaves the other":    {"", "b> b>x", wrong{3: orphan}, "b>company"},
		"a circle of two":                  {"", "a>b b>a c>", wrong{2: circle, 3: circle}, "c>company"},
		"what hangs on a circle":           {"", "a>b b>a c>a", wrong{2: circle, 3: circle, 4: orphan}, ""},
		"a circle through what is stored":  {"a> b>a c>b", "a>c", wrong{2: circle}, ""},
		"only the file's lines of it go":   {"a> b>a c>b", "a>c d>a", wrong{2: circle}, "d>a"},
		"a circle that the file undoes":    {"a> b>a", "a>b b>", wrong{}, "a>b b>company"},
		"two circles":                      {"", "a>b b>a c>d d>c", wrong{2: circle, 3: circle, 4: circle, 5: circle}, ""},
		"a line behind one of a circle":    {"", "a>b b>c a>c c>a b>a", wrong{2: circle, 3: orphan, 4: circle, 5: circle, 6: circle}, ""},
		"orphans after a circle is broken": {"", "a>b b>a c>b d>c", wrong{2: circle, 3: circle, 4: orphan, 5: orphan}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			stored := map[string]adoption.Unit{}
			for _, l := range unitLines(c.stored) {
				stored[l.row.ID] = l.row
			}
			units := newTree(stored, unitLines(c.file))
			got := wrong{}
			for _, m := range units.prune() {
				assert.Equal(t, "parent", m.wrong.field)
				got[m.line] = orphan
				if strings.Contains(m.wrong.reason, circle) {
					got[m.line] = circle
				}
			}
			assert.Equal(t, c.wrong, got)
			taken := []string{}
			for _, u := range units.incoming() {
				taken = append(taken, u.ID+">"+u.Parent)
			}
			assert.Equal(t, strings.Fields(c.want), taken)
		})
	}
}

func TestUnitsAreStoredAndTouchNothing(t *testing.T) {
	r := newDirectoryRig(t)
	header := "unit,parent,name"
	r.load("units", header, "a,,A", "b,a,B")
	result := r.load("units", header, "a,b,A", "c,b,C", "d,x,D")
	assert.Equal(t, []string{
		`2 parent: the units form a circle: "a" is above and below itself`,
		`4 parent: the unit "x" is neither in this file nor known from before; add a line for it`}, rejected(result))
	assert.Equal(t, 1, result.Accepted)
	assert.Equal(t, []string{"a>company", "b>a", "c>b"}, r.dump(`unit, '>', parent]), '') FROM units FINAL ORDER BY unit`))
	assert.Empty(t, r.touched.take(), "the tree is laid over the figures when a question is asked")
}

func TestAUnitIsChangedByALineThatDiffers(t *testing.T) {
	r := newDirectoryRig(t)
	header := "unit,parent,name,legacy_entity"
	r.load("units", header, "a,,Alpha,A")
	assert.Equal(t, 0, r.load("units", header, "a,company,Alpha,A").Changed)
	assert.Equal(t, 1, r.load("units", header, "a,,Alpha & Co,B").Changed)
	assert.Equal(t, []string{"Alpha & Co B"}, r.dump(`name, ' ', legacy_entity]), '') FROM units FINAL`))
}
