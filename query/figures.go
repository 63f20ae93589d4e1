package query

import (
	"fmt"
	"strconv"

	"uptake/adoption"
)

// figureKind is one figure of a page: how it is read off a row and explained.
type figureKind struct {
	key, name, formula string
	measure            Measure
	better             int
	value              reader
	denominator        func(AdoptionRow) string
	worked             func(AdoptionRow, float64) string // value is there
}

// figureKinds are the figures of a page in their order, at most five (UI: Order on a page).
var figureKinds = []figureKind{
	{
		key: "adoption_rate", name: "Adoption", measure: Share, better: 1,
		formula:     "People who were active in the last 28 days ÷ people with access.",
		value:       rate,
		denominator: ofEnabled,
		worked: func(r AdoptionRow, v float64) string {
			return fmt.Sprintf("%s ÷ %s = %s", number(float64(*r.Active28)), number(float64(r.Enabled)), exact(v*100)+" %")
		},
	},
	{
		key: "active_28", name: "Active people", measure: People, better: 1,
		formula:     "People with access who did something intentional at least once in the last 28 days: signing in alone does not count.",
		value:       func(r AdoptionRow) (*float64, Missing) { return orWhy(r, asFloat(r.Active28)) },
		denominator: ofEnabled,
		worked: func(r AdoptionRow, _ float64) string {
			return fmt.Sprintf("%s with access − %s inactive = %s", number(float64(r.Enabled)), number(float64(*r.Inactive)), number(float64(*r.Active28)))
		},
	},
	{
		key: "engagement_score", name: "Engagement score", measure: Score, better: 1,
		formula: "Mean over people with access of 100 · f · (0.50 + 0.25·d + 0.15·c + 0.10·b): f = days active ÷ 12, d = actions an active day ÷ 5, " +
			"b = tools used ÷ 3 (each at most 1; b = 1 for one tool), c = 1 for those who contributed, responded or shared. The inactive count as 0.",
		value:       func(r AdoptionRow) (*float64, Missing) { return orWhy(r, r.EngagementScore) },
		denominator: ofEnabled,
		worked: func(r AdoptionRow, v float64) string {
			return fmt.Sprintf("%s points ÷ %s = %s", number(v*float64(r.Enabled)), people(r.Enabled), exact(v))
		},
	},
	{
		key: "stickiness", name: "Stickiness", measure: Share, better: 1,
		formula: "People active on a day, on average over the 28 days ÷ people active in the 28 days.",
		value:   func(r AdoptionRow) (*float64, Missing) { return orWhy(r, r.Stickiness) },
		denominator: func(r AdoptionRow) string {
			return "of " + counted(float64(zeroIfHidden(r.Active28)), "active person", "active people")
		},
		worked: func(r AdoptionRow, v float64) string {
			active := float64(*r.Active28)
			return fmt.Sprintf("%s person-days ÷ 28 ÷ %s = %s", number(v*WindowDays*active), number(active), exact(v*100)+" %")
		},
	},
	{
		key: "active_not_enabled", name: "Active without access", measure: People,
		formula:     "People without recorded access, or not in the directory, who were active in the last 28 days all the same. They are in no other figure.",
		value:       without,
		denominator: withoutWhat,
		worked:      func(_ AdoptionRow, v float64) string { return people(uint64(v)) },
	},
}

// figures are those of the page's unit.
func (b *book) figures(p *Page) []Figure {
	list := []Figure{}
	for _, kind := range figureKinds {
		f := Figure{Key: kind.key, Name: kind.name, Measure: kind.measure, Better: kind.better, Formula: kind.formula,
			DataUntil: p.DataUntil, Sources: b.snap.sources(b.tool), Trend: b.trend(b.unit, kind.value)}
		f.Value, f.Missing = b.value(b.unit, b.date, kind.value)
		f.Previous, _ = b.value(b.unit, b.before, kind.value)
		f.Change = change(f.Value, f.Previous)
		if row, there := b.row(b.date); there {
			f.Denominator = kind.denominator(row)
			if f.Value != nil {
				f.Worked = kind.worked(row, *f.Value)
			}
		}
		list = append(list, f)
	}
	return list
}

func rate(r AdoptionRow) (*float64, Missing) { return orWhy(r, r.AdoptionRate) }

// without reads the active people without access: they are a population of their own, judged apart from the row's.
func without(r AdoptionRow) (*float64, Missing) {
	if r.ActiveNotEnabled == nil {
		return nil, MissingHidden
	}
	return asFloat(r.ActiveNotEnabled), ""
}

// orWhy gives a figure of the enabled people, or the reason why it is missing.
func orWhy(r AdoptionRow, v *float64) (*float64, Missing) {
	switch {
	case v != nil:
		return v, ""
	case r.Suppressed:
		return nil, MissingHidden
	default:
		return nil, MissingNothing
	}
}

func ofEnabled(r AdoptionRow) string {
	if r.Denominator == DenominatorHeadcount {
		return "of " + people(r.Headcount)
	}
	return "of " + people(r.Enabled) + " with access"
}

func asFloat(n *uint64) *float64 {
	if n == nil {
		return nil
	}
	f := float64(*n)
	return &f
}

func zeroIfHidden(n *uint64) uint64 {
	if n == nil {
		return 0
	}
	return *n
}

// exact writes a figure with one decimal.
func exact(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// withoutWhat says, of all tools together, whom the count leaves out: who has access to one tool and uses another
// without access is counted with that tool only.
func withoutWhat(r AdoptionRow) string {
	if r.Tool == adoption.AllTools {
		return "without access to any tool"
	}
	return ""
}
