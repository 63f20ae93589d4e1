package query

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"uptake/adoption"
	"uptake/value/pilot"
)

const (
	matchWeeks    = 8  // over which a unit's baseline is the mean
	leastOffered  = 6  // units
	mostOffered   = 12 // units
	offeredToEach = 3  // units offered for each one that takes part
)

// MatchQuestion asks for units like those that are to take part in a pilot.
type MatchQuestion struct {
	Units []string
	Tool  string // "" is all tools
	To    adoption.Day
}

// ParsePilotMatch reads a question from URL parameters: units (ids with commas between them), tool, to. Left out: all
// tools, yesterday.
func ParsePilotMatch(values url.Values, today adoption.Day) (MatchQuestion, error) {
	q := MatchQuestion{To: today - 1}
	err := parameters{
		{"units", func(s string) error { q.Units = strings.Split(s, ","); return nil }},
		{"tool", textInto(&q.Tool)},
		{"to", dayInto(&q.To)},
	}.read(values)
	if err == nil && len(q.Units) == 0 {
		err = adoption.Invalid("units", "Name the units that are to take part, with commas between them.")
	}
	return q, err
}

// MatchAnswer offers units like those that take part, and shows what they have in common.
type MatchAnswer struct {
	Tool    string       `json:"tool"`
	To      adoption.Day `json:"to"`
	Treated []Matched    `json:"treated"`
	Offered []Matched    `json:"offered"`
}

// Matched is a unit by what units are matched on.
type Matched struct {
	Unit     string      `json:"unit"`
	UnitName string      `json:"unit_name"`
	People   uint64      `json:"people"`   // with access to the tool, on the day asked for
	Baseline *float64    `json:"baseline"` // mean adoption rate at the ends of the 8 weeks before; nil where it is hidden
	Mix      []ToolShare `json:"mix"`      // by tool
	Like     string      `json:"like"`     // the unit that takes part which it is offered for; "" of those
	Distance *float64    `json:"distance"` // from that one, in standard deviations of the units; nil of those that take part
}

// ToolShare is the share of a unit's people who used a tool in 28 days; nil where it is hidden.
type ToolShare struct {
	Tool  string   `json:"tool"`
	Share *float64 `json:"share"`
}

// PilotMatch offers units to compare with: for each unit that takes part those that are nearest in size (logarithm of
// its people), baseline and tool mix, each in standard deviations over the units; the nearest first, none twice, and
// none that holds people of another. Only what is shown of a unit is used; one that is hidden is not offered. Errors
// are those of Adoption.
func (c *Company) PilotMatch(ctx context.Context, q MatchQuestion) (*MatchAnswer, error) {
	if q.Tool == "" {
		q.Tool = adoption.AllTools
	}
	if len(q.Units) > pilot.MaxUnits {
		return nil, adoption.Invalid("units", fmt.Sprintf("Name at most %d units.", pilot.MaxUnits))
	}
	answer := &MatchAnswer{Tool: q.Tool, To: q.To, Treated: []Matched{}, Offered: []Matched{}}
	err := c.consistently(ctx, func(snap *snapshot) error {
		answer.Treated, answer.Offered = []Matched{}, []Matched{}
		all, err := c.matchable(ctx, snap, q)
		if err != nil {
			return err
		}
		for _, unit := range q.Units {
			answer.Treated = append(answer.Treated, all.of[unit])
		}
		answer.Offered = all.offer(snap.tree, q.Units)
		return nil
	})
	return answer, err
}

// matchables are the units that can be compared, by what they are matched on.
type matchables struct {
	of    map[string]Matched
	good  []string // those of which everything that is needed is shown, in the order of the tree
	scale map[string]float64
}

// matchable reads all units of the tree, and those asked for.
func (c *Company) matchable(ctx context.Context, snap *snapshot, q MatchQuestion) (*matchables, error) {
	if err := snap.checkPilot(pilot.Plan{Tool: q.Tool, Treated: q.Units}); err != nil {
		if e := adoption.Public(err); e.Field == "treated" {
			return nil, &adoption.Error{Code: e.Code, Field: "units", Message: e.Message}
		}
		return nil, err
	}
	var units []string
	for _, n := range snap.tree.nodes {
		if n.kind == kindUnit || slices.Contains(q.Units, n.unit.ID) {
			units = append(units, n.unit.ID)
		}
	}
	var days []adoption.Day
	for w := matchWeeks - 1; w >= 0; w-- {
		days = append(days, q.To-adoption.Day(7*w))
	}
	base, err := c.weekly(ctx, snap, units, q.Tool, days)
	if err != nil {
		return nil, err
	}
	m := &matchables{of: map[string]Matched{}, scale: map[string]float64{}}
	for _, unit := range units {
		one := base.matched(unit, q.To)
		m.of[unit] = one
		if one.Baseline != nil && one.People > 0 {
			m.good = append(m.good, unit)
		}
	}
	if err := c.mix(ctx, snap, m, units, q.To); err != nil {
		return nil, err
	}
	m.setScale()
	return m, nil
}

// matched is a unit's size and baseline; these are unknown where it is hidden in one of the weeks that have figures.
func (w *weekly) matched(unit string, to adoption.Day) Matched {
	m := Matched{Unit: unit, UnitName: unit, Mix: []ToolShare{}}
	var rates []float64
	for _, d := range w.days {
		row, there := w.rows[unit][d]
		if there {
			m.UnitName = row.UnitName
		}
		if row.AdoptionRate == nil {
			rates = nil
			break
		}
		rates = append(rates, *row.AdoptionRate)
	}
	if row, there := w.rows[unit][to]; there {
		m.People = row.Enabled
	}
	if len(rates) > 0 {
		mean := stat.Mean(rates, nil)
		m.Baseline = &mean
	}
	return m
}

// mix reads how many of each unit's people use each tool.
func (c *Company) mix(ctx context.Context, snap *snapshot, m *matchables, units []string, to adoption.Day) error {
	for _, t := range snap.tools {
		if !t.counted {
			continue
		}
		w, err := c.weekly(ctx, snap, units, t.ID, []adoption.Day{to})
		if err != nil {
			return err
		}
		for _, unit := range units {
			one := m.of[unit]
			share := ToolShare{Tool: t.ID}
			if row, there := w.rows[unit][to]; there && row.Active28 != nil {
				share.Share = ratio(float64(*row.Active28), float64(row.Headcount))
			}
			one.Mix = append(one.Mix, share)
			m.of[unit] = one
		}
	}
	return nil
}

// features are what a unit is matched on, by name; what is hidden is not among them.
func (m Matched) features() map[string]float64 {
	f := map[string]float64{}
	if m.People > 0 {
		f["size"] = math.Log(float64(m.People))
	}
	if m.Baseline != nil {
		f["baseline"] = *m.Baseline
	}
	for _, t := range m.Mix {
		if t.Share != nil {
			f["tool "+t.Tool] = *t.Share
		}
	}
	return f
}

// setScale works out the standard deviation of each feature over the units.
func (m *matchables) setScale() {
	values := map[string][]float64{}
	for _, unit := range m.good {
		for name, v := range m.of[unit].features() {
			values[name] = append(values[name], v)
		}
	}
	for name, all := range values {
		if len(all) > 1 {
			m.scale[name] = stat.StdDev(all, nil)
		}
	}
}

// distance is Euclid's over size, baseline and the mean over the tools, in standard deviations. A feature that one of
// the two lacks, or in which all are alike, tells nothing.
func (m *matchables) distance(a, b Matched) float64 {
	x, y := a.features(), b.features()
	sum, mix, tools := 0.0, 0.0, 0.0
	for name, v := range x {
		w, both := y[name]
		if !both || m.scale[name] == 0 {
			continue
		}
		d := (v - w) / m.scale[name]
		if strings.HasPrefix(name, "tool ") {
			mix, tools = mix+d*d, tools+1
		} else {
			sum += d * d
		}
	}
	if tools > 0 {
		sum += mix / tools
	}
	return math.Sqrt(sum)
}

// offer chooses the units nearest to those that take part, in turns.
func (m *matchables) offer(t *tree, treated []string) []Matched {
	offered := []Matched{}
	taken := map[int]bool{}
	for _, unit := range treated {
		taken[t.byID[unit]] = true
	}
	free := func(unit string) bool {
		for node := range taken {
			if t.within(t.byID[unit], node) || t.within(node, t.byID[unit]) {
				return false
			}
		}
		return true
	}
	want := min(max(offeredToEach*len(treated), leastOffered), mostOffered)
	for turn := 0; len(offered) < want; turn++ {
		like := m.of[treated[turn%len(treated)]]
		near := slices.DeleteFunc(slices.Clone(m.good), func(unit string) bool { return !free(unit) })
		if len(near) == 0 {
			break
		}
		best := slices.MinFunc(near, func(a, b string) int {
			return cmp.Compare(m.distance(like, m.of[a]), m.distance(like, m.of[b]))
		})
		one := m.of[best]
		d := m.distance(like, one)
		one.Like, one.Distance = like.Unit, &d
		offered = append(offered, one)
		taken[t.byID[best]] = true
	}
	return offered
}
