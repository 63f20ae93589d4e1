package query

import (
	"uptake/adoption"
)

// figureKind is one figure of a page: how it is read off a row and explained. Its name and its formula are the texts
// "say.name.KEY" and "say.formula.KEY".
type figureKind struct {
	key         string
	measure     Measure
	better      int
	value       reader
	denominator func(AdoptionRow) Said
	worked      func(AdoptionRow, float64) Said // value is there
}

// figureKinds are the figures of a page in their order, at most five (UI: Order on a page).
var figureKinds = []figureKind{
	{
		key: "adoption_rate", measure: Share, better: 1,
		value:       rate,
		denominator: ofEnabled,
		worked: func(r AdoptionRow, v float64) Said {
			return say("say.worked.adoption_rate", "active", Whole(*r.Active28), "enabled", Whole(r.Enabled), "rate", Tenth(v*100))
		},
	},
	{
		key: "active_28", measure: People, better: 1,
		value:       func(r AdoptionRow) (*float64, Missing) { return orWhy(r, asFloat(r.Active28)) },
		denominator: ofEnabled,
		worked: func(r AdoptionRow, _ float64) Said {
			return say("say.worked.active_28", "enabled", Whole(r.Enabled), "inactive", Whole(*r.Inactive), "active", Whole(*r.Active28))
		},
	},
	{
		key: "engagement_score", measure: Score, better: 1,
		value:       func(r AdoptionRow) (*float64, Missing) { return orWhy(r, r.EngagementScore) },
		denominator: ofEnabled,
		worked: func(r AdoptionRow, v float64) Said {
			return say("say.worked.engagement_score", "points", Whole(v*float64(r.Enabled)), "people", saidPeople(r.Enabled), "score", Tenth(v))
		},
	},
	{
		key: "stickiness", measure: Share, better: 1,
		value:       func(r AdoptionRow) (*float64, Missing) { return orWhy(r, r.Stickiness) },
		denominator: func(r AdoptionRow) Said { return say("say.of_active", "n", Whole(zeroIfHidden(r.Active28))) },
		worked: func(r AdoptionRow, v float64) Said {
			return say("say.worked.stickiness", "days", Whole(v*WindowDays*float64(*r.Active28)), "active", Whole(*r.Active28), "rate", Tenth(v*100))
		},
	},
	{
		key: "active_not_enabled", measure: People,
		value:       without,
		denominator: withoutWhat,
		worked:      func(_ AdoptionRow, v float64) Said { return saidPeople(uint64(v)) },
	},
}

// figures are those of the page's unit.
func (b *book) figures(p *Page) []Figure {
	list := []Figure{}
	for _, kind := range figureKinds {
		f := Figure{Key: kind.key, Measure: kind.measure, Better: kind.better, Said: FigureSaid{Name: say("say.name." + kind.key), Formula: say("say.formula." + kind.key)},
			DataUntil: p.DataUntil, Sources: b.snap.sources(b.tool), Trend: b.trend(b.unit, kind.value)}
		f.Value, f.Missing = b.value(b.unit, b.date, kind.value)
		f.Previous, f.Gone = b.value(b.unit, b.before, kind.value)
		f.Change = change(f.Value, f.Previous)
		if row, there := b.row(b.date); there {
			f.Said.Denominator = kind.denominator(row)
			if f.Value != nil {
				f.Said.Worked = kind.worked(row, *f.Value)
			}
		}
		f.Name, f.Denominator, f.Formula, f.Worked = f.Said.Name.In(inEnglish), f.Said.Denominator.In(inEnglish), f.Said.Formula.In(inEnglish), f.Said.Worked.In(inEnglish)
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

// ofEnabled is whom a rate speaks of: those with access, or everyone.
func ofEnabled(r AdoptionRow) Said {
	if r.Denominator == DenominatorHeadcount {
		return say("say.of_people", "people", saidPeople(r.Headcount))
	}
	return say("say.of_access", "people", saidPeople(r.Enabled))
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

// withoutWhat says what people without access lack: of all tools together, access to every one of them.
func withoutWhat(r AdoptionRow) Said {
	if r.Tool == adoption.AllTools {
		return say("say.without_any")
	}
	return Said{}
}
