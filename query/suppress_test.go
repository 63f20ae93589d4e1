package query

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"uptake/adoption"
)

// flat is a company of units at the top, with their populations and headcounts, company.direct and unassigned empty.
func flat(populations, order map[string]uint64) (*scope, []uint64, []uint64) {
	var units []adoption.Unit
	for id := range populations {
		units = append(units, adoption.Unit{ID: id})
	}
	s := newTree(units, nil).whole()
	people, heads := make([]uint64, len(s.nodes)), make([]uint64, len(s.nodes))
	for n := range s.nodes {
		people[n], heads[n] = populations[s.id(n)], order[s.id(n)]
	}
	sumUp(s, people, addCount)
	sumUp(s, heads, addCount)
	return s, people, heads
}

func TestTheComplementIsTheNextSmallestThatIsNotEmpty(t *testing.T) {
	for _, c := range []struct {
		name   string
		people map[string]uint64
		order  map[string]uint64
		hidden []string
		rest   bool
	}{
		{"nobody small", map[string]uint64{"a": 5, "b": 9}, nil, nil, false},
		{"empty ones protect nobody", map[string]uint64{"a": 4, "b": 0, "c": 9, "d": 8}, map[string]uint64{"b": 1, "c": 9, "d": 8}, []string{"a", "d"}, true},
		{"by headcount, not by population", map[string]uint64{"a": 4, "c": 9, "d": 8}, map[string]uint64{"c": 9, "d": 30}, []string{"a", "c"}, true},
		{"ties by id", map[string]uint64{"a": 9, "b": 9, "c": 1}, map[string]uint64{"a": 9, "b": 9, "c": 1}, []string{"a", "c"}, true},
		{"small ones that hold enough together", map[string]uint64{"a": 3, "b": 2, "c": 9}, nil, []string{"a", "b"}, true},
		{"small ones that do not", map[string]uint64{"a": 2, "b": 2, "c": 9, "d": 90}, map[string]uint64{"c": 9, "d": 90}, []string{"a", "b", "c"}, true},
		{"a company too small", map[string]uint64{"a": 4}, nil, []string{"company", "a", "company.direct", "unassigned"}, false},
	} {
		s, people, order := flat(c.people, c.order)
		p := divide(s, people, order, 5)
		var hidden []string
		for n := range s.nodes {
			if p.hidden[n] {
				hidden = append(hidden, s.id(n))
			}
		}
		assert.Equal(t, c.hidden, hidden, c.name)
		assert.Equal(t, c.rest, p.rest[0], c.name)
	}
}

func TestBelowAHiddenUnitAllIsHidden(t *testing.T) {
	s := newTree([]adoption.Unit{{ID: "big"}, {ID: "mid"}, {ID: "mid-1", Parent: "mid"}, {ID: "mid-2", Parent: "mid"}, {ID: "tiny"}}, nil).whole()
	people := make([]uint64, len(s.nodes))
	for id, n := range map[string]uint64{"big": 50, "mid-1": 8, "mid-2": 9, "tiny": 2} {
		people[s.at[s.tree.byID[id]]] = n
	}
	sumUp(s, people, addCount)
	p := divide(s, people, people, 5) // mid (17) is hidden with tiny (2)
	for id, hidden := range map[string]bool{"company": false, "big": false, "mid": true, "mid-1": true, "mid-2": true, "tiny": true} {
		assert.Equal(t, hidden, p.hidden[s.at[s.tree.byID[id]]], id)
	}
	assert.True(t, p.rest[0])
	assert.False(t, p.rest[s.at[s.tree.byID["mid"]]], "below a hidden unit there is no rest either")
}

// A question opens only its own part of the tree. What it shows must be what the whole tree shows.
func TestAPartOfTheTreeIsJudgedLikeTheWhole(t *testing.T) {
	for seed := range uint64(100) {
		w := randomWorld(rand.New(rand.NewPCG(seed, 3)))
		whole := newGate(w.snap, w.scope, w.raw, w.k)
		for n := range w.snap.tree.nodes {
			part := w.snap.tree.around(n)
			g := newGate(w.snap, part, w.narrow(part), w.k)
			for _, tool := range []string{"a", "b", adoption.AllTools} {
				for _, at := range []place{{node: n}, {node: n, rest: true}} {
					end := adoption.PeriodEnd{Date: w.days[0]}
					assert.Equal(t, whole.rows(at, tool, end, true), g.rows(at, tool, end, true), "seed %d node %d tool %s", seed, n, tool)
				}
			}
		}
	}
}

// narrow is what would have been read for a part of the tree.
func (w *world) narrow(part *scope) *raw {
	pick := func(n int) int { return part.nodes[n].node } // every node of the whole scope has the tree's own number
	r := &raw{sizes: map[dayTool][]uint64{}, use: map[dayTool][]rawUse{}, actions: map[dayTool][]uint64{}, weeks: map[dayTool][]rawWeek{}}
	for key, values := range w.raw.sizes {
		r.sizes[key] = picked(values, len(part.nodes), pick)
	}
	for key, values := range w.raw.use {
		r.use[key] = picked(values, len(part.nodes), pick)
	}
	for key, values := range w.raw.actions {
		r.actions[key] = picked(values, len(part.nodes), pick)
	}
	for key, values := range w.raw.weeks {
		r.weeks[key] = picked(values, len(part.nodes), pick)
	}
	return r
}

func picked[V any](values []V, n int, pick func(int) int) []V {
	out := make([]V, n)
	for i := range out {
		out[i] = values[pick(i)]
	}
	return out
}

func TestUnitsNamedByPeopleAndCircles(t *testing.T) {
	tree := newTree([]adoption.Unit{{ID: "a", Parent: "b"}, {ID: "b", Parent: "a"}, {ID: "c", Parent: "lost"}, {ID: "me", Parent: "me"}}, []string{"d", "company", "unassigned"})
	parents := map[string]string{}
	for _, n := range tree.nodes[1:] {
		parents[n.unit.ID] = tree.nodes[n.parent].unit.ID
	}
	assert.Equal(t, map[string]string{
		"a": "company", "b": "a", "a.direct": "a", "lost": "company", "c": "lost", "lost.direct": "lost", "me": "company", "d": "company",
		"company.direct": "company", "unassigned": "company",
	}, parents)
}

// Not a rule but a price: how much is hidden in companies like those that use Uptake, and how much of it only to keep
// something else from being computed.
func TestHowMuchIsHidden(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var units, smallUnits, complement, below int
	for range 200 {
		list, placed := []adoption.Unit{}, map[string]uint64{}
		for i := range 8 + r.IntN(10) {
			division := adoption.Unit{ID: fmt.Sprintf("d%d", i)}
			list = append(list, division)
			for j := range r.IntN(8) {
				team := adoption.Unit{ID: fmt.Sprintf("d%d-%d", i, j), Parent: division.ID}
				list = append(list, team)
				placed[team.ID] = 3 + r.Uint64N(40)
			}
			placed[division.ID] = r.Uint64N(6)
		}
		s := newTree(list, nil).whole()
		people, heads := make([]uint64, len(s.nodes)), make([]uint64, len(s.nodes))
		for unit, n := range placed {
			at := s.cell[s.tree.leaf[unit]]
			heads[at] = n
			people[at] = n * (60 + r.Uint64N(41)) / 100 // 60 to 100 % have access
		}
		sumUp(s, people, addCount)
		sumUp(s, heads, addCount)
		p := divide(s, people, heads, 5)
		for n, node := range s.nodes {
			switch {
			case people[n] == 0:
			case !p.hidden[n]:
				units++
			case small(people[n], 5):
				units++
				smallUnits++
			case p.hidden[max(node.parent, 0)]:
				units++
				below++
			default:
				units++
				complement++
			}
		}
	}
	t.Logf("of %d units and groups with people: %.1f %% too small, %.1f %% hidden beside them, %.1f %% below those",
		units, 100*float64(smallUnits)/float64(units), 100*float64(complement)/float64(units), 100*float64(below)/float64(units))
	assert.Less(t, float64(complement+below)/float64(units), 0.2)
}
