// Package campaign says what a launch, a training or a marketing push cost for each person who began, got into the habit
// and stayed, and how the units changed against units like them. A campaign may be entered after it was held: what is
// seen came with it, and is no evidence that it did it, as a pilot is. Nothing here reads or stores anything.
package campaign

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"uptake/adoption"
	"uptake/value/pilot"
)

// Bounds of a plan.
const (
	MaxUnits = 100 // of both sides together
	maxDays  = 731
	// FollowWeeks is how long people are followed after the end.
	FollowWeeks = 8
	// RetainedWeek is in which week after the one of their first use people must be active to count as retained.
	RetainedWeek = 4
)

// Plan is a campaign as it is entered.
type Plan struct {
	ID         string       `json:"id"` // lower-case letters, digits and dashes
	Name       string       `json:"name"`
	Kind       string       `json:"kind"` // one of Kinds
	Tool       string       `json:"tool"`
	Units      []string     `json:"units"`
	Comparison []string     `json:"comparison"` // units like them that it did not reach; may be empty
	Start      adoption.Day `json:"start"`
	End        adoption.Day `json:"end"`
	Cost       *Money       `json:"cost"` // nil: not known
}

// Money is an amount in a currency.
type Money struct {
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency"` // ISO 4217
}

// Kinds are what a campaign may be. A changed policy and a reorganisation are entered like one: they reach units on a day, too.
func Kinds() []string {
	return []string{"launch", "training", "marketing", "policy", "reorganisation", "other"}
}

var (
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	currency = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Check refuses what cannot be a campaign. The error is InvalidParameter and names the field. Whether units and tools
// exist, and lie within each other, is for whoever knows them to check.
func (p Plan) Check() error {
	switch {
	case !idForm.MatchString(p.ID) || len(p.ID) > 64:
		return adoption.Invalid("id", "An id has 1 to 64 lower-case letters, digits and dashes.")
	case p.Name == "" || len(p.Name) > 200 || !utf8.ValidString(p.Name) || strings.TrimSpace(p.Name) != p.Name || strings.ContainsFunc(p.Name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return adoption.Invalid("name", "A name has 1 to 200 bytes of text that can be printed.")
	case !slices.Contains(Kinds(), p.Kind):
		return adoption.Invalid("kind", "A campaign is one of "+strings.Join(Kinds(), ", ")+".")
	case p.Tool == "":
		return adoption.Invalid("tool", "Name the tool that it was for.")
	case len(p.Units) == 0:
		return adoption.Invalid("units", "Name the units that it reached.")
	case len(p.Units)+len(p.Comparison) > MaxUnits:
		return adoption.Invalid("comparison", fmt.Sprintf("A campaign has at most %d units.", MaxUnits))
	case p.Start <= 0:
		return adoption.Invalid("start", "Name the first day.")
	case p.End < p.Start:
		return adoption.Invalid("end", "The campaign ends before it begins.")
	case p.End-p.Start >= maxDays:
		return adoption.Invalid("end", "A campaign lasts for two years at most.")
	}
	return p.checkCost()
}

func (p Plan) checkCost() error {
	switch {
	case p.Cost == nil:
		return nil
	case !(p.Cost.Amount >= 0 && p.Cost.Amount <= 1e12):
		return adoption.Invalid("cost.amount", "A cost lies between 0 and 10¹².")
	case !currency.MatchString(p.Cost.Currency):
		return adoption.Invalid("cost.currency", "A cost needs its currency, by three capital letters such as EUR.")
	}
	return nil
}

// Pilot is the campaign as the judgement of pilots takes it: weekly use of the tool, 8 weeks before against the weeks from
// the start to 8 weeks after the end.
func (p Plan) Pilot() pilot.Plan {
	q := pilot.Plan{Tool: p.Tool, Treated: p.Units, Comparison: p.Comparison, Start: p.Start, End: p.followed(),
		Outcome: pilot.Outcome{Metric: "weekly_active", Tool: p.Tool}, WeeksBefore: 8}
	return q
}

// followed is the last day that people are followed to.
func (p Plan) followed() adoption.Day { return min(p.End+7*FollowWeeks, adoption.LastDay) }

// Until is the last day of the campaign that is known, where the figures are complete up to a day.
func (p Plan) Until(complete adoption.Day) adoption.Day { return min(p.followed(), complete) }

// Count is how many people of some units did something.
type Count struct {
	People  float64
	Enabled float64 // people with access in these units
	Units   int     // of which it is known
}

// Reached is how many people of some units began, got into the habit and stayed. The units of whom one is known need not
// be those of whom another is.
type Reached struct {
	Activated, Habitual, Retained Count // Habitual.People may be below 0: more had the habit before
}

// Each is what a campaign cost for each of some people.
type Each struct {
	Units    int      `json:"units"`     // that it reached and of which the people are known
	People   *float64 `json:"people"`    // of these; nil where there are no such units
	Cost     *float64 `json:"cost"`      // for each of them, in the campaign's currency; nil without a cost or people
	More     *float64 `json:"more"`      // people beyond those to be expected by the units compared with; nil without any
	MoreCost *float64 `json:"more_cost"` // for each of these; nil where there are none
}

// PerPerson is what a campaign cost for each person of the kinds that it may be after. The people of the units that are
// known bear all of the cost.
type PerPerson struct {
	Activated Each `json:"activated"` // used the tool for the first time ever, from the week of the start on
	Habitual  Each `json:"habitual"`  // more people with power or habitual use than before the start
	Retained  Each `json:"retained"`  // began during the campaign, and were active 4 weeks later
}

// Costs divides the cost by the people reached, and by those beyond what units like them would lead one to expect: as
// many for each person with access as there were.
func (p Plan) Costs(reached, compared Reached) PerPerson {
	return PerPerson{
		Activated: p.each(reached.Activated, compared.Activated),
		Habitual:  p.each(reached.Habitual, compared.Habitual),
		Retained:  p.each(reached.Retained, compared.Retained),
	}
}

func (p Plan) each(reached, compared Count) Each {
	e := Each{Units: reached.Units}
	if reached.Units == 0 {
		return e
	}
	e.People, e.Cost = &reached.People, p.divide(reached.People)
	if compared.Enabled > 0 {
		more := reached.People - compared.People/compared.Enabled*reached.Enabled
		e.More, e.MoreCost = &more, p.divide(more)
	}
	return e
}

// divide is the cost for each of some people; nil where there is no cost, or not half a person.
func (p Plan) divide(people float64) *float64 {
	if p.Cost == nil || people < 0.5 {
		return nil
	}
	each := p.Cost.Amount / people
	return &each
}

// Sentence says what came with the campaign.
func (p Plan) Sentence(j pilot.Judgement) string {
	e := j.Effect
	if e == nil {
		return "Nothing can be said of a change against like units: " + reason(p, j)
	}
	so := ""
	if j.Interim {
		so = "So far: "
	}
	much := so + fmt.Sprintf("Weekly use of the tool changed by %s points more than in the units compared with (95 %% interval: %s to %s)", points(e.Effect), points(e.Low), points(e.High))
	if e.P >= 0.05 {
		return much + ", which chance explains."
	}
	if len(j.Doubts) > 0 {
		return much + ", but these units were going another way before, or so few of them show little; and nobody had said beforehand what to look at."
	}
	return much + ", which chance alone would hardly give. It came with the campaign; whether the campaign did it, only a pilot that was registered before can tell."
}

func reason(p Plan, j pilot.Judgement) string {
	if len(p.Comparison) == 0 {
		return "no units to compare with are named."
	}
	return j.Reason
}

func points(x float64) string {
	return strings.Replace(fmt.Sprintf("%.1f", 100*x), "-", "−", 1)
}
