package query

import (
	"context"

	"uptake/adoption"
)

// parents holds what the gate is given for each unit of the tree against the plain sum of the rows of the units below it.
func (r *selfCheck) parents(ctx context.Context, day adoption.Day) error {
	return r.c.consistently(ctx, func(snap *snapshot) error {
		units, err := r.c.unitsOf(ctx, day)
		if err != nil {
			return err
		}
		s := snap.tree.whole()
		tools := []string{adoption.AllTools}
		for _, t := range snap.tools {
			if t.counted {
				tools = append(tools, t.ID)
			}
		}
		given, err := r.c.read(ctx, snap, s, need{days: []adoption.Day{day}, tools: tools})
		if err != nil {
			return err
		}
		p := params{"day": day.String(), "units": textList(append(units, adoption.Unassigned))}
		sizes, err := r.c.countChecked(ctx, checkSizeShownSQL, p, len(sizeFigures))
		if err != nil {
			return err
		}
		uses, err := r.c.countChecked(ctx, checkUseShownSQL, p, len(useFigures))
		if err != nil {
			return err
		}
		for _, tool := range append(tools, "") {
			key := dayTool{day, tool}
			r.sums(s, key, sizeFigures, sizes, func(n int) []float64 { return []float64{float64(at(given.sizes[key], n))} })
			r.sums(s, key, useFigures, uses, func(n int) []float64 { return at(given.use[key], n).figures() })
		}
		return nil
	})
}

// figures are the values of a row in the order of useFigures.
func (u rawUse) figures() []float64 {
	return []float64{float64(u.active1), float64(u.active7), float64(u.active28), float64(u.activeNotEnabled), float64(u.activeDays),
		float64(u.creators), float64(u.responders), float64(u.consumers), u.score, float64(u.actions)}
}

// sums adds the rows of a tool up the tree, each to the node of its unit and to all above it, and compares the sums with
// the figures given for the nodes.
func (r *selfCheck) sums(s *scope, key dayTool, figures []string, rows map[unitTool][]float64, given func(n int) []float64) {
	want := make([][]float64, len(s.nodes))
	for n := range want {
		want[n] = make([]float64, len(figures))
	}
	for row, values := range rows {
		leaf, known := s.tree.leaf[row.unit]
		if row.tool != key.tool {
			continue
		}
		if !known {
			r.fail("parent", row, key.day, "rows") // it is in no sum
			continue
		}
		for node := leaf; node >= 0; node = s.tree.nodes[node].parent {
			for i, v := range values {
				want[s.at[node]][i] += v
			}
		}
	}
	for n := range want {
		for i, v := range given(n) {
			r.checks++
			if !alike(want[n][i], v) {
				r.fail("parent", unitTool{s.id(n), key.tool}, key.day, figures[i])
			}
		}
	}
}
