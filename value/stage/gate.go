package stage

import (
	"cmp"
	"slices"
	"strings"

	"uptake/adoption"
)

// State is what may be said of a goal.
type State string

const (
	Reached State = "met"
	Missed  State = "missed"
	Hidden  State = "hidden"  // a small group, or one that would reveal one: nothing is said
	Unknown State = "unknown" // for the reason given
)

// Found is a figure as it is shown; Value is nil where it is not.
type Found struct {
	Value    *float64
	Currency string // of money
	Hidden   bool
	Why      string // why there is no value
}

// Verdict is what the figures say of a goal.
type Verdict struct {
	Goal
	State  State    `json:"state"`
	Value  *float64 `json:"value"`  // nil where it is not shown
	Reason string   `json:"reason"` // why nothing is said; "" where something is
}

// Judge judges a gate by what is found of each measure. A goal is met by a figure as high as it, or higher.
func Judge(gate []Goal, found func(Measure) Found) []Verdict {
	verdicts := []Verdict{}
	for _, g := range gate {
		v, f := Verdict{Goal: g}, found(g.Measure)
		switch {
		case f.Hidden:
			v.State, v.Reason = Hidden, "the group is hidden, because it is small or a small one could be told from it"
		case f.Value == nil:
			v.State, v.Reason = Unknown, f.Why
		case f.Currency != g.Currency:
			v.State, v.Reason = Unknown, "the gate is set in "+g.Currency+", and the assumptions are in "+f.Currency
		case *f.Value >= g.Goal:
			v.State, v.Value = Reached, f.Value
		default:
			v.State, v.Value = Missed, f.Value
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// Met tells whether every goal is met. A gate that asks for nothing is.
func Met(verdicts []Verdict) bool {
	return !slices.ContainsFunc(verdicts, func(v Verdict) bool { return v.State != Reached })
}

// Pass refuses to pass a gate that is not met without a reason, and a reason where it is met.
func Pass(verdicts []Verdict, next Step) error {
	switch {
	case next.Stage == Retired || Met(verdicts):
		if next.Despite != "" {
			return adoption.Invalid("despite", "No gate is in the way, so there is nothing to pass it despite. Leave it out.")
		}
	case next.Despite == "":
		return adoption.Invalid("despite", "The gate is not met. Say why the roll-out moves on all the same; it stays visible.")
	}
	return nil
}

// Led is a roll-out as it is compared.
type Led struct {
	Tool     string
	Driver   Party
	Days     int      // since its first stage
	Adoption *float64 // nil where it is hidden or not known
}

// MinLed is the least number of roll-outs with a figure that a mean is made of.
const MinLed = 3

// Driven are the roll-outs of a tool that are led by the same party.
type Driven struct {
	Tool     string   `json:"tool"`
	Driver   Party    `json:"driver"`
	Rollouts int      `json:"rollouts"`
	Shown    int      `json:"shown"`     // of these, with a figure
	MeanDays *float64 `json:"mean_days"` // of those shown, since their first stage
	Adoption *float64 `json:"adoption"`  // mean of those shown, each roll-out alike
	Reason   string   `json:"reason"`    // why there are no means; "" where there are
}

// Compare puts roll-outs side by side, by tool and then by who leads: those of one tool are alike in what is rolled out. There
// is no mean of fewer than MinLed.
func Compare(list []Led) []Driven {
	all := []Driven{}
	sums := map[int][2]float64{}
	for _, one := range list {
		i := slices.IndexFunc(all, func(d Driven) bool { return d.Tool == one.Tool && d.Driver == one.Driver })
		if i < 0 {
			i, all = len(all), append(all, Driven{Tool: one.Tool, Driver: one.Driver})
		}
		all[i].Rollouts++
		if one.Adoption != nil {
			all[i].Shown++
			sums[i] = [2]float64{sums[i][0] + *one.Adoption, sums[i][1] + float64(one.Days)}
		}
	}
	for i := range all {
		if n := float64(all[i].Shown); all[i].Shown >= MinLed {
			share, days := sums[i][0]/n, sums[i][1]/n
			all[i].Adoption, all[i].MeanDays = &share, &days
		} else {
			all[i].Reason = "fewer than three roll-outs with a figure say nothing of who leads"
		}
	}
	slices.SortFunc(all, func(a, b Driven) int {
		return cmp.Or(strings.Compare(a.Tool, b.Tool), strings.Compare(string(a.Driver), string(b.Driver)))
	})
	return all
}
