package query

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"uptake/adoption"
)

const (
	mostAttention = 3
	silentDays    = 2    // gap days in a row that make a feed silent
	someShare     = 0.05 // share of a unit's people that makes use without access worth a word
)

// attention is what needs a decision. A silent feed comes first, because it puts all else in doubt; then what concerns
// the most people.
func (b *book) attention(k uint64) []Attention {
	list := []Attention{}
	list = append(list, b.silentFeeds()...)
	list = append(list, b.fellBehind()...)
	list = append(list, b.stalledUnits()...)
	list = append(list, b.withoutAccess(k)...)
	list = append(list, b.unlistedTools(k)...)
	slices.SortStableFunc(list, func(x, y Attention) int {
		return cmp.Or(compareBool(x.Rule != "silent", y.Rule != "silent"), cmp.Compare(y.People, x.People))
	})
	return list[:min(len(list), mostAttention)]
}

// silentFeeds names the sources of the page's tool that have brought nothing since two or more days on which they
// usually do, as of the last closed day.
func (b *book) silentFeeds() []Attention {
	yesterday := b.snap.state.today - 1
	if b.date < yesterday {
		return nil
	}
	var list []Attention
	for _, source := range b.snap.sources(b.tool) {
		last, tools := b.snap.brought(source)
		if missed := b.snap.gaps[source].within(last+1, yesterday); len(missed) < silentDays {
			continue
		}
		names := make([]string, len(tools))
		for i, id := range tools {
			names[i] = b.snap.toolName(id)
		}
		row, _ := b.row(b.date)
		list = append(list, Attention{
			Rule:     "silent",
			Text:     fmt.Sprintf("The feed %s has been silent for %s, so the figures of %s, and of all tools, are too low.", source, counted(float64(yesterday-last), "day", "days"), enumerate(names)),
			Evidence: fmt.Sprintf("Last events on %s; before that it brought some on these weekdays.", date(last)),
			Next:     "Check the feed", Trust: true, People: row.Enabled,
		})
	}
	return list
}

// brought is the last day of a source with events, and the tools that it brings.
func (s *snapshot) brought(source string) (last adoption.Day, tools []string) {
	for _, f := range s.feeds {
		if f.source == source {
			last = max(last, f.lastDay)
			tools = append(tools, f.tool)
		}
	}
	return last, tools
}

// fellBehind names children whose rate fell, as verdict has it, and by at least 5 points more than that of the whole.
func (b *book) fellBehind() []Attention {
	whole, _ := b.value(b.unit, b.date, rate)
	before, _ := b.value(b.unit, b.before, rate)
	common := change(whole, before)
	if common == nil {
		return nil
	}
	var list []Attention
	for _, unit := range b.order {
		fell := b.moved(unit, alarmDoubt)
		if fell >= 0 || *common-fell < newsworthy {
			continue
		}
		now, _ := b.rowOf(unit, b.date)
		then, _ := b.rowOf(unit, b.before)
		list = append(list, Attention{
			Rule:     "fell",
			Text:     fmt.Sprintf("Adoption in %s fell %s since %s, while %s.", now.UnitName, counted(math.Round(-fell*100), "point", "points"), date(b.before), b.course(*common)),
			Evidence: fmt.Sprintf("%s of %s active then, %s of %s now.", number(float64(*then.Active28)), number(float64(then.Enabled)), number(float64(*now.Active28)), people(now.Enabled)),
			Next:     "Open " + now.UnitName, Unit: &UnitRef{unit, now.UnitName}, Tool: b.toolRef(b.tool), People: uint64(math.Round(float64(now.Enabled) * -fell)),
		})
	}
	return list
}

// course says what the whole did meanwhile.
func (b *book) course(change float64) string {
	whole := "the company"
	if b.unit != adoption.Company {
		whole = b.name()
	}
	switch n := math.Round(change * 100); {
	case n > 0:
		return whole + " rose " + counted(n, "point", "points")
	case n < 0:
		return whole + " fell only " + counted(-n, "point", "points")
	}
	return whole + " stayed where it was"
}

// stalledUnits names children that stand still while their siblings grow.
func (b *book) stalledUnits() []Attention {
	var list []Attention
	for _, unit := range b.order {
		if !b.stalled(unit) {
			continue
		}
		now, _ := b.rowOf(unit, b.date)
		others, _ := b.siblingsGrowth(unit)
		list = append(list, Attention{
			Rule:     "stalled",
			Text:     fmt.Sprintf("Adoption in %s has not grown for %d weeks, while half of the units beside it gained %s or more.", now.UnitName, stallPoints, counted(math.Floor(others*100+1e-9), "point", "points")),
			Evidence: fmt.Sprintf("%s of %s active, %s on eight weeks before.", number(float64(*now.Active28)), people(now.Enabled), points(*b.growth(unit))),
			Next:     "Open " + now.UnitName, Unit: &UnitRef{unit, now.UnitName}, Tool: b.toolRef(b.tool), People: uint64(math.Round(float64(now.Enabled) * others)),
		})
	}
	return list
}

// withoutAccess names, for each tool with licences, the unit with the most active people without one: at least k, and
// a twentieth of the unit.
func (b *book) withoutAccess(k uint64) []Attention {
	var list []Attention
	for _, tool := range b.chosenTools() {
		var most *AdoptionRow
		for _, row := range b.toolRows(tool) {
			n := row.ActiveNotEnabled
			if row.Unit == b.unit && len(b.order) > 0 {
				continue // its children say where
			}
			if row.Denominator != DenominatorEnabled || n == nil || *n < max(k, 1) || float64(*n) < someShare*float64(row.Headcount) || row.Headcount == 0 {
				continue
			}
			if most == nil || *n > *most.ActiveNotEnabled {
				most = &row
			}
		}
		if most == nil {
			continue
		}
		n := *most.ActiveNotEnabled
		list = append(list, Attention{
			Rule:     "without_access",
			Text:     fmt.Sprintf("%s of %s use %s without recorded access.", people(n), most.UnitName, b.snap.toolName(tool)),
			Evidence: fmt.Sprintf("%s of its %s have access; these %s were active in the 28 days to %s.", number(float64(most.Enabled)), people(most.Headcount), number(float64(n)), date(b.date)),
			Next:     "Look at " + b.snap.toolName(tool), Unit: &UnitRef{most.Unit, most.UnitName}, Tool: b.toolRef(tool), People: n,
		})
	}
	return list
}

// unlistedTools names tools that people use although nobody has described or licensed them: by at least k people of
// the page's unit, and a twentieth of it.
func (b *book) unlistedTools(k uint64) []Attention {
	var list []Attention
	for _, tool := range b.chosenTools() {
		info, _ := b.snap.tool(tool)
		if info.listed || info.licensed {
			continue
		}
		for _, row := range b.toolRows(tool) {
			n := row.Active28
			if row.Unit != b.unit || n == nil || *n < max(k, 1) || float64(*n) < someShare*float64(row.Headcount) {
				continue
			}
			list = append(list, Attention{
				Rule:     "unlisted",
				Text:     fmt.Sprintf("%s use %s, which nobody has listed or licensed.", people(*n), info.Name),
				Evidence: fmt.Sprintf("First seen on %s; %s of %s were active in the 28 days to %s.", date(b.snap.firstUse(tool)), number(float64(*n)), people(row.Headcount), date(b.date)),
				Next:     "Look at " + info.Name, Unit: &UnitRef{b.unit, b.name()}, Tool: b.toolRef(tool), People: *n,
			})
		}
	}
	return list
}
