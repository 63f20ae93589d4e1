package query

import (
	"time"

	"uptake/adoption"
)

// comparedKind is a figure of an adoption row as it is compared.
type comparedKind struct {
	key     string
	measure Measure
	window  adoption.Day // days that it looks back on, its own day included
	week    bool         // counted by ISO week: compared at the ends of weeks only, where the row's enabled people are the week's
	value   func(AdoptionRow) *float64
	// mean writes a value that is there as the mean, over n people, of something between 0 and 1, for the test of chance.
	// nil where the figure is no such mean, so that nothing is known about its chance.
	mean func(row AdoptionRow, value float64) (mean float64, n uint64)
}

// Counts is the measure of what is neither people nor a share.
const Counts Measure = "count"

const (
	keyOthers  = "active_not_enabled"
	keyActions = "actions"
)

// comparedKinds are all figures of an adoption row in its order.
var comparedKinds = []comparedKind{
	peopleKind("active_1", 1, func(r AdoptionRow) *uint64 { return r.Active1 }),
	peopleKind("active_7", 7, func(r AdoptionRow) *uint64 { return r.Active7 }),
	peopleKind("active_28", WindowDays, func(r AdoptionRow) *uint64 { return r.Active28 }),
	{key: keyOthers, measure: People, window: WindowDays, value: func(r AdoptionRow) *float64 { return asFloat(r.ActiveNotEnabled) }},
	{key: "adoption_rate", measure: Share, window: WindowDays, value: func(r AdoptionRow) *float64 { return r.AdoptionRate },
		mean: func(r AdoptionRow, v float64) (float64, uint64) { return v, r.Enabled }},
	// The mean, over the active people, of the share of days that each was active on.
	{key: "stickiness", measure: Share, window: WindowDays, value: func(r AdoptionRow) *float64 { return r.Stickiness },
		mean: func(r AdoptionRow, v float64) (float64, uint64) { return v, zeroIfHidden(r.Active28) }},
	weekKind("new", func(r AdoptionRow) *uint64 { return r.New }),
	weekKind("returning", func(r AdoptionRow) *uint64 { return r.Returning }),
	weekKind("resurrected", func(r AdoptionRow) *uint64 { return r.Resurrected }),
	weekKind("dormant", func(r AdoptionRow) *uint64 { return r.Dormant }),
	peopleKind("creators", WindowDays, func(r AdoptionRow) *uint64 { return r.Creators }),
	peopleKind("responders", WindowDays, func(r AdoptionRow) *uint64 { return r.Responders }),
	peopleKind("consumers", WindowDays, func(r AdoptionRow) *uint64 { return r.Consumers }),
	peopleKind("inactive", WindowDays, func(r AdoptionRow) *uint64 { return r.Inactive }),
	{key: "engagement_score", measure: Score, window: WindowDays, value: func(r AdoptionRow) *float64 { return r.EngagementScore },
		mean: func(r AdoptionRow, v float64) (float64, uint64) { return v / 100, r.Enabled }},
	{key: keyActions, measure: Counts, window: WindowDays, value: func(r AdoptionRow) *float64 { return asFloat(r.Actions) }},
}

// peopleKind is a count of enabled people. By chance it is judged as a share of them: a larger unit has more of all.
func peopleKind(key string, window adoption.Day, count func(AdoptionRow) *uint64) comparedKind {
	return comparedKind{key: key, measure: People, window: window,
		value: func(r AdoptionRow) *float64 { return asFloat(count(r)) },
		mean: func(r AdoptionRow, v float64) (float64, uint64) {
			if r.Enabled == 0 {
				return 0, 0
			}
			return v / float64(r.Enabled), r.Enabled
		}}
}

// weekKind is a count of the life cycle of an ISO week.
func weekKind(key string, count func(AdoptionRow) *uint64) comparedKind {
	kind := peopleKind(key, 7, count)
	kind.week = true
	return kind
}

// apart is why a figure cannot be compared between two days whatever the rows say; "" where it can.
func (k comparedKind) apart(x, y adoption.Day) Missing {
	switch {
	case k.week && (x.Weekday() != time.Sunday || y.Weekday() != time.Sunday):
		return MissingWeekday
	case k.window == 1 && x.Weekday() != y.Weekday():
		return MissingWeekday
	case x != y && max(x, y)-min(x, y) < k.window:
		return MissingOverlap
	}
	return ""
}

// chance is the probability that a figure differs as much as between two rows by chance alone, where that is known.
func (k comparedKind) chance(x, y AdoptionRow) (p float64, known bool) {
	if k.mean == nil {
		return 0, false
	}
	a, n := k.mean(x, *k.value(x))
	b, m := k.mean(y, *k.value(y))
	return chance(a, n, b, m)
}
