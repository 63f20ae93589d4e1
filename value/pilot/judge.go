package pilot

import (
	"math"
	"slices"

	"uptake/adoption"
	"uptake/value/effect"
)

// Series is what is known of a unit. A value is NaN where it is unknown.
type Series struct {
	Unit, Name    string
	People        uint64    // with access on the last day before the start, or as near before it as is known
	Before, After []float64 // at the plan's Ends; After may be shorter while the pilot runs
	// Gap says why the unit must be left out, "" where it need not: hidden, nobody there, no value.
	Gap string
}

// Member is how a unit took part in the judgement.
type Member struct {
	Unit    string   `json:"unit"`
	Name    string   `json:"unit_name"`
	Side    string   `json:"side"` // treated or comparison
	People  uint64   `json:"people"`
	Before  *float64 `json:"before"`   // mean of the weeks before; nil where it is left out
	After   *float64 `json:"after"`    // mean of the weeks after; nil where it is left out, or before there is one
	LeftOut string   `json:"left_out"` // why; "" where it took part
}

// State says how far a pilot is.
type State string

const (
	Waiting State = "registered" // no day of it is in the figures
	Running State = "running"
	Ended   State = "ended"
)

// Finding is what can be said of a pilot.
type Finding string

const (
	NotYet    Finding = "not_yet"    // it has not ended
	NotJudged Finding = "not_judged" // there is no estimate, Reason says why
	Success   Finding = "success"    // an effect beyond chance, as large as was wanted
	Smaller   Finding = "smaller"    // an effect beyond chance, smaller than was wanted
	Opposite  Finding = "opposite"   // an effect beyond chance, in the other direction
	Unclear   Finding = "unclear"    // something else than the pilot, or chance, explains it as well
	NotFound  Finding = "not_found"  // no effect beyond chance
)

// Judgement is what the weeks say of a pilot.
type Judgement struct {
	State       State         `json:"state"`
	DataUntil   *adoption.Day `json:"data_until"` // last day of the last week that is in it; nil for none
	WeeksBefore int           `json:"weeks_before"`
	WeeksAfter  int           `json:"weeks_after"`
	Members     []Member      `json:"members"`

	Finding  Finding `json:"finding"`
	Verdict  string  `json:"verdict"` // one sentence
	Reason   string  `json:"reason"`  // why there is no estimate; "" where there is one
	Grade    *string `json:"grade"`   // A: may set the attribution of the value model; nil: shown as what it is
	Interim  bool    `json:"interim"` // the pilot has not ended: nothing may be decided by these figures
	Doubts   []Doubt `json:"doubts"`  // what else may explain the difference
	MinGroup int     `json:"min_group"`

	Effect       *effect.Estimate `json:"effect"`
	PermutationP *float64         `json:"permutation_p"`
	PreTrend     *effect.Estimate `json:"pre_trend"`  // a week, before the start
	Placebo      *effect.Estimate `json:"placebo"`    // as if it had begun in the middle of the weeks before
	Detectable   *float64         `json:"detectable"` // what would have been found with a power of 80 %, by how much the units' changes differed
}

// Doubt is something that explains a difference as well as the pilot does.
type Doubt string

const (
	DoubtTrend     Doubt = "pre_trend"          // the sides went apart before the start
	DoubtPlacebo   Doubt = "placebo"            // an effect is found where none can be
	DoubtLow       Doubt = "chosen_for_low"     // regression to the mean
	DoubtFew       Doubt = "too_few_to_permute" // so few units that the permutation test cannot find anything
	DoubtNotChosen Doubt = "permutation"        // other choices of units show as large a difference
)

// explains tells whether a doubt leaves nothing of the finding. Regression to the mean is warned of and leaves some: the
// level before is a mean of weeks, of which chance has gone in part.
func (d Doubt) explains() bool { return d != DoubtLow }

// sure is the level at which chance is ruled out.
const sure = 0.05

// Judge holds the two sides against each other. until is the last day that the series are complete to, k the smallest
// group of people that anything is said of. Series with a gap are named and left out.
func Judge(p Plan, treated, comparison []Series, until adoption.Day, k int) Judgement {
	j := Judgement{State: p.state(until), Doubts: []Doubt{}, MinGroup: k, Finding: NotYet, Interim: until < p.End}
	a, b := j.side("treated", treated), j.side("comparison", comparison)
	j.weeks(p, treated, comparison)
	j.Reason = reason(p, j, a, b)
	if j.Reason == "" {
		j.estimate(units(a), units(b))
	}
	switch {
	case j.Interim:
	case j.Reason != "":
		j.Finding = NotJudged
	default:
		j.Finding = j.find(p.Outcome)
	}
	if g := p.Outcome.Grade(); g != "" && (j.Finding == Success || j.Finding == Smaller) {
		j.Grade = &g
	}
	j.Verdict = verdict(p, j)
	return j
}

func (p Plan) state(until adoption.Day) State {
	switch {
	case until >= p.End:
		return Ended
	case until >= p.Start-1:
		return Running
	}
	return Waiting
}

// side notes the members of a side, and returns the series that can be used.
func (j *Judgement) side(name string, all []Series) (used []Series) {
	for _, s := range all {
		m := Member{Unit: s.Unit, Name: s.Name, Side: name, People: s.People, LeftOut: s.Gap}
		if s.Gap == "" {
			used = append(used, s)
			m.Before, m.After = mean(s.Before), mean(s.After)
		}
		j.Members = append(j.Members, m)
	}
	return used
}

func mean(values []float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	sum /= float64(len(values))
	return &sum
}

// weeks notes how many weeks the series have: the same for all.
func (j *Judgement) weeks(p Plan, sides ...[]Series) {
	_, after := p.Ends()
	for _, side := range sides {
		for _, s := range side {
			if s.Gap == "" {
				j.WeeksBefore, j.WeeksAfter = len(s.Before), len(s.After)
			}
		}
	}
	if j.WeeksAfter > 0 && j.WeeksAfter <= len(after) {
		j.DataUntil = &after[j.WeeksAfter-1]
	}
}

func units(series []Series) []effect.Unit {
	all := make([]effect.Unit, len(series))
	for i, s := range series {
		all[i] = effect.Unit{Before: s.Before, After: s.After}
	}
	return all
}

// estimate works out the effect and what may speak against it. There are weeks and units enough.
func (j *Judgement) estimate(a, b []effect.Unit) {
	// The errors of these are those of too few units or weeks, which reason has ruled out.
	j.Effect, _ = effect.Differences(a, b)
	p, _ := effect.Permutation(a, b)
	j.PermutationP = &p
	j.PreTrend, _ = effect.Trend(a, b)
	j.Placebo, _ = effect.Placebo(a, b)
	n, m := float64(len(a)), float64(len(b))
	plan := effect.Plan{Treated: len(a), Comparison: len(b), Deviation: j.Effect.Error / math.Sqrt(1/n+1/m)}
	if least, err := plan.Detectable(0.8); err == nil {
		j.Detectable = &least
	}
	if j.PreTrend.P < sure {
		j.Doubts = append(j.Doubts, DoubtTrend)
	}
	if j.Placebo.P < sure {
		j.Doubts = append(j.Doubts, DoubtPlacebo)
	}
	if effect.ChosenForBeingLow(a, b) {
		j.Doubts = append(j.Doubts, DoubtLow)
	}
	switch {
	case 1/choices(len(a)+len(b), len(a)) >= sure:
		j.Doubts = append(j.Doubts, DoubtFew)
	case j.Effect.P < sure && p >= sure:
		j.Doubts = append(j.Doubts, DoubtNotChosen)
	}
}

// choices is in how many ways k of n units can be chosen.
func choices(n, k int) float64 {
	count := 1.0
	for i := range min(k, n-k) {
		count *= float64(n-i) / float64(i+1)
	}
	return count
}

// find is what the estimate of a pilot that has ended says.
func (j *Judgement) find(o Outcome) Finding {
	switch {
	case j.Effect.P >= sure:
		return NotFound
	case slices.ContainsFunc(j.Doubts, Doubt.explains):
		return Unclear
	case j.Effect.Effect*o.Success < 0:
		return Opposite
	case math.Abs(j.Effect.Effect) < math.Abs(o.Success):
		return Smaller
	}
	return Success
}
