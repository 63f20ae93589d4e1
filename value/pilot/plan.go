// Package pilot judges whether a pilot changed the units that took part: what must be said before it begins (Plan), and
// what the weeks before and after say of it once it has ended (Judge). It does not claim more than the weeks hold, and
// says why where they hold nothing. Nothing here reads or stores anything.
package pilot

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"uptake/adoption"
)

// Bounds of a plan.
const (
	maxName     = 200 // bytes
	MaxUnits    = 200 // of both sides together
	MinBefore   = 4   // weeks before the start: fewer show no trend
	MaxBefore   = 52
	maxAfter    = 104 // weeks that a pilot runs
	startWithin = 730 // days from today
)

// Plan is a pilot as it is registered before its start. It never changes after.
type Plan struct {
	ID          string       `json:"id"` // lower-case letters, digits and dashes
	Name        string       `json:"name"`
	Tool        string       `json:"tool"`       // that is tried
	Treated     []string     `json:"treated"`    // units that take part
	Comparison  []string     `json:"comparison"` // units that do not, and are like them
	Start       adoption.Day `json:"start"`      // first day
	End         adoption.Day `json:"end"`        // last day
	Outcome     Outcome      `json:"outcome"`
	WeeksBefore int          `json:"weeks_before"` // how far back the units are compared; 0: chosen by Fill
}

// Outcome is what a pilot is measured by.
type Outcome struct {
	Metric     string  `json:"metric"`      // one of Metrics, or outcome:NAME for a result from outside
	Tool       string  `json:"tool"`        // whose use is measured; "" is that of the plan, and none for a result from outside
	Aggregate  string  `json:"aggregate"`   // outcome:NAME: what a week's value is, sum, mean, or per_person (the sum ÷ headcount); else ""
	MeasuredIn string  `json:"measured_in"` // outcome:NAME: hours, a currency's code, or what else it counts; else ""
	Success    float64 `json:"success"`     // the smallest effect that is a success, in the metric's unit; below 0: a fall is wanted
	// Assumptions is the version whose minutes hours stand on; 0 for all other metrics.
	Assumptions uint64 `json:"assumptions"`
}

// External is what names of results from outside begin with.
const External = "outcome:"

// Hours is the metric of hours as the value model counts them: counted actions × likely minutes ÷ 60.
const Hours = "hours"

// A Metric is an outcome that the figures of Uptake hold.
type Metric struct {
	Key    string
	Window int // days that a value looks back on, its own included
	Share  bool
	Words  string // after a number, in a sentence
}

// Metrics are those that a plan may name, beside results from outside.
func Metrics() []Metric {
	return []Metric{
		{"adoption", 28, true, "points of adoption"},
		{"weekly_active", 7, true, "points of people active in a week"},
		{"active_days", 28, false, "active days a person in 28 days"},
		{"actions", 28, false, "actions a person in 28 days"},
		{"engagement", 28, false, "points of the engagement score"},
		{Hours, 7, false, "hours a person in a week"},
	}
}

// of is the metric of an outcome. A result from outside is one of its week.
func (o Outcome) of() (Metric, bool) {
	if name, external := strings.CutPrefix(o.Metric, External); external {
		return Metric{Key: o.Metric, Window: 7, Words: o.MeasuredIn}, name != ""
	}
	all := Metrics()
	i := slices.IndexFunc(all, func(m Metric) bool { return m.Key == o.Metric })
	if i < 0 {
		return Metric{}, false
	}
	return all[i], true
}

// Result is the metric's name as it was sent from outside; ok is false for a figure of Uptake's own.
func (o Outcome) Result() (name string, ok bool) { return strings.CutPrefix(o.Metric, External) }

// washout is how many weeks after the start a value still looks back on days before it.
func (m Metric) washout() int { return m.Window/7 - 1 }

// Weeks is how many whole weeks the pilot runs.
func (p Plan) Weeks() int { return int(p.End-p.Start+1) / 7 }

// Ends are the last days of the weeks that are compared: those before the start and those whose values look back on no
// day before it. A week is seven days from the start on, whatever its weekday.
func (p Plan) Ends() (before, after []adoption.Day) {
	m, _ := p.Outcome.of()
	for w := p.WeeksBefore; w > 0; w-- {
		before = append(before, p.Start-1-adoption.Day(7*(w-1)))
	}
	for w := m.washout(); w < p.Weeks(); w++ {
		after = append(after, p.Start+6+adoption.Day(7*w))
	}
	return before, after
}

// Fill chooses what a plan leaves open: the tool whose use is measured, and as many weeks before as the pilot runs, 8 at
// least and 26 at most.
func (p Plan) Fill() Plan {
	if _, external := p.Outcome.Result(); p.Outcome.Tool == "" && !external {
		p.Outcome.Tool = p.Tool
	}
	if p.WeeksBefore == 0 {
		p.WeeksBefore = min(max(p.Weeks(), 8), 26)
	}
	return p
}

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Check refuses a plan that cannot be judged, or that is registered on its first day or later: who knows the weeks can
// choose units, dates and success so that they please. The error is InvalidParameter and names the field. Whether units
// and tools exist, and lie within each other, is for whoever knows them to check.
func (p Plan) Check(today adoption.Day) error {
	for _, check := range []func() error{p.checkNames, func() error { return p.checkDays(today) }, p.checkUnits, p.checkOutcome} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (p Plan) checkNames() error {
	switch {
	case !idForm.MatchString(p.ID) || len(p.ID) > 64 || p.ID == "match" || p.ID == "withdrawals":
		return adoption.Invalid("id", "An id has 1 to 64 lower-case letters, digits and dashes, and is neither match nor withdrawals.")
	case !printed(p.Name, maxName):
		return adoption.Invalid("name", fmt.Sprintf("A name has 1 to %d bytes of text that can be printed.", maxName))
	case p.Tool == "":
		return adoption.Invalid("tool", "Name the tool that is tried.")
	}
	return nil
}

func printed(s string, most int) bool {
	return s != "" && len(s) <= most && utf8.ValidString(s) && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

func (p Plan) checkDays(today adoption.Day) error {
	switch {
	case p.Start <= today:
		return adoption.Invalid("start", fmt.Sprintf("A pilot is registered before its first day, and today is %s. Who knows the weeks already can choose units, dates and success so that they please.", today))
	case p.Start > today+startWithin:
		return adoption.Invalid("start", "A pilot begins within two years.")
	case p.End < p.Start:
		return adoption.Invalid("end", "The pilot ends before it begins.")
	case p.Weeks() > maxAfter:
		return adoption.Invalid("end", fmt.Sprintf("A pilot runs for at most %d weeks.", maxAfter))
	case p.WeeksBefore < MinBefore || p.WeeksBefore > MaxBefore:
		return adoption.Invalid("weeks_before", fmt.Sprintf("Between %d and %d weeks before the start are compared.", MinBefore, MaxBefore))
	}
	return nil
}

func (p Plan) checkUnits() error {
	if len(p.Treated)+len(p.Comparison) > MaxUnits {
		return adoption.Invalid("comparison", fmt.Sprintf("A pilot has at most %d units.", MaxUnits))
	}
	seen := map[string]string{}
	for _, side := range []struct {
		field string
		units []string
	}{{"treated", p.Treated}, {"comparison", p.Comparison}} {
		if len(side.units) == 0 {
			return adoption.Invalid(side.field, "Name the units.")
		}
		for _, unit := range side.units {
			if before, twice := seen[unit]; twice {
				return adoption.Invalid(side.field, fmt.Sprintf("The unit %q is named already, as %s.", unit, before))
			}
			seen[unit] = side.field
		}
	}
	return nil
}

func (p Plan) checkOutcome() error {
	o := p.Outcome
	m, known := o.of()
	_, external := o.Result()
	switch {
	case !known:
		return adoption.Invalid("outcome.metric", fmt.Sprintf("A pilot is measured by %s, or by %sNAME, a result from outside.", metricNames(), External))
	case o.Metric == Hours && o.Tool == adoption.AllTools:
		return adoption.Invalid("outcome.tool", "Hours are those of one tool: what an action saves differs from tool to tool. Name it.")
	case o.Metric != Hours && o.Assumptions != 0:
		return adoption.Invalid("outcome.assumptions", "Only hours stand on assumptions. Leave it out.")
	case p.Weeks() <= m.washout():
		return adoption.Invalid("end", fmt.Sprintf("%s looks back on %d days, so the pilot has to run for %d weeks at least; this one runs for %d.", o.Metric, m.Window, m.washout()+1, p.Weeks()))
	case o.Success == 0 || math.IsNaN(o.Success) || math.Abs(o.Success) > 1e15:
		return adoption.Invalid("outcome.success", "Say which effect would be a success: a number above 0, or below where a fall is wanted.")
	case m.Share && math.Abs(o.Success) > 1:
		return adoption.Invalid("outcome.success", "A share rises by 1 at most. Ten points are 0.1.")
	case external && o.Tool != "":
		return adoption.Invalid("outcome.tool", "A result from outside belongs to no tool. Leave it out.")
	case external && !slices.Contains([]string{"sum", "mean", "per_person"}, o.Aggregate):
		return adoption.Invalid("outcome.aggregate", "Say what a week's value is: sum, mean, or per_person.")
	case external && !printed(o.MeasuredIn, 32):
		return adoption.Invalid("outcome.measured_in", "Say what the result counts: hours, a currency such as EUR, leads, tickets.")
	case !external && o.Aggregate != "":
		return adoption.Invalid("outcome.aggregate", "Only a result from outside is added up. Leave it out.")
	case !external && o.MeasuredIn != "":
		return adoption.Invalid("outcome.measured_in", "Only a result from outside needs a unit. Leave it out.")
	}
	return nil
}

func metricNames() string {
	var names []string
	for _, m := range Metrics() {
		names = append(names, m.Key)
	}
	return strings.Join(names, ", ")
}

var currency = regexp.MustCompile(`^[A-Z]{3}$`)

// Grade is the grade that a measured effect earns in the value model: A where it is in hours or money, for only that may
// set the attribution there; else "".
func (o Outcome) Grade() string {
	if _, external := o.Result(); external && (o.MeasuredIn == "hours" || currency.MatchString(o.MeasuredIn)) {
		return "A"
	}
	return ""
}
