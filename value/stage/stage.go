// Package stage holds the six steps that a roll-out goes through and the gates between them: what may be entered
// (Rollout.Check, Step.Check, Next), whether a gate is met (Judge, Met) and roll-outs side by side by who leads them
// (Compare). Nothing here reads or stores anything.
package stage

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"uptake/adoption"
)

// Stage is a step of a roll-out.
type Stage string

const (
	Concept     Stage = "concept"
	Pilot       Stage = "pilot"
	BuyIn       Stage = "buy_in" // of management
	Strategy    Stage = "strategy"
	Funding     Stage = "funding"
	CompanyWide Stage = "company_wide"
	Retired     Stage = "retired" // follows on any other
)

// Stages lists all of them, in their order.
func Stages() []Stage {
	return []Stage{Concept, Pilot, BuyIn, Strategy, Funding, CompanyWide, Retired}
}

// Party is who owns a stage, or leads a roll-out.
type Party string

const (
	Business   Party = "business"
	IT         Party = "it"
	GrassRoots Party = "grass_roots" // leads only: the people who use the tool
)

// Measure is what a gate asks for.
type Measure string

const (
	Adoption Measure = "adoption"  // active ÷ enabled, 0..1
	Habit    Measure = "habit"     // (power + habitual) ÷ enabled, 0..1
	FirstUse Measure = "first_use" // began within 30 days of access ÷ had access for 30 days, 0..1
	NPV      Measure = "npv_p10"   // net present value of cash, P10, in money
)

// Measures lists all of them.
func Measures() []Measure { return []Measure{Adoption, Habit, FirstUse, NPV} }

// Goal is one thing that a gate asks for: this much or more.
type Goal struct {
	Measure  Measure `json:"measure"`
	Goal     float64 `json:"goal"`
	Currency string  `json:"currency"` // ISO 4217; of money only
}

// Rollout is what goes through the stages. It never changes.
type Rollout struct {
	ID     string `json:"id"` // lower-case letters, digits and dashes
	Unit   string `json:"unit"`
	Tool   string `json:"tool"`
	Driver Party  `json:"driver"` // who leads it
}

// Step is a stage that a roll-out comes to.
type Step struct {
	Stage   Stage        `json:"stage"`
	Day     adoption.Day `json:"day"` // of coming to it
	Owner   Party        `json:"owner"`
	Gate    []Goal       `json:"gate"`    // to be met before the next stage
	Despite string       `json:"despite"` // why it came to it though the gate before was not met; else ""
}

const (
	mostBack   = 10 * 366 // days that a step may lie back
	mostReason = 1000     // bytes, as of every reason
)

var (
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	currency = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Check refuses what cannot be a roll-out. The error is InvalidParameter and names the field. Whether unit and tool
// exist is for whoever knows them to check.
func (r Rollout) Check() error {
	switch {
	case !idForm.MatchString(r.ID) || len(r.ID) > 64:
		return adoption.Invalid("id", "An id has 1 to 64 lower-case letters, digits and dashes.")
	case r.Unit == "":
		return adoption.Invalid("unit", "Name the unit; company is the whole company.")
	case r.Tool == "" || r.Tool == adoption.AllTools:
		return adoption.Invalid("tool", "A roll-out is of one tool. Name it.")
	case !slices.Contains([]Party{Business, IT, GrassRoots}, r.Driver):
		return adoption.Invalid("driver", "A roll-out is led by business, it or grass_roots.")
	}
	return nil
}

// Check refuses what cannot be a step. The error is InvalidParameter and names the field.
func (s Step) Check(today adoption.Day) error {
	switch {
	case !slices.Contains(Stages(), s.Stage):
		return adoption.Invalid("stage", "A stage is one of "+names(Stages())+".")
	case s.Day > today:
		return adoption.Invalid("day", fmt.Sprintf("A stage is entered when it has come, and today is %s.", today))
	case s.Day < today-mostBack:
		return adoption.Invalid("day", "Name the day of coming to the stage, within the last ten years.")
	case s.Owner != Business && s.Owner != IT:
		return adoption.Invalid("owner", "A stage is owned by business or it.")
	case len(s.Despite) > mostReason || strings.TrimSpace(s.Despite) != s.Despite:
		return adoption.Invalid("despite", "This reason has at most 1000 bytes, and no space at its ends.")
	}
	return s.checkGate()
}

func (s Step) checkGate() error {
	last := s.Stage == CompanyWide || s.Stage == Retired
	switch {
	case last && len(s.Gate) > 0:
		return adoption.Invalid("gate", "Nothing comes after this stage, so it has no gate. Leave it out.")
	case !last && s.Stage != Concept && len(s.Gate) == 0:
		return adoption.Invalid("gate", "Say what has to be met before the next stage; only a concept may have no gate.")
	}
	var seen []Measure
	for _, g := range s.Gate {
		if slices.Contains(seen, g.Measure) {
			return adoption.Invalid("gate", "A gate asks for each measure once.")
		}
		if err := g.check(); err != nil {
			return err
		}
		seen = append(seen, g.Measure)
	}
	return nil
}

func (g Goal) check() error {
	switch {
	case !slices.Contains(Measures(), g.Measure):
		return adoption.Invalid("gate", "A gate asks for "+names(Measures())+".")
	case g.Measure != NPV && !(g.Goal > 0 && g.Goal <= 1):
		return adoption.Invalid("gate", "A share lies above 0 and is 1 at most. 60 % are 0.6.")
	case g.Measure != NPV && g.Currency != "":
		return adoption.Invalid("gate", "Only money has a currency. Leave it out.")
	case g.Measure == NPV && !(math.Abs(g.Goal) <= 1e15):
		return adoption.Invalid("gate", "An amount lies between −10¹⁵ and 10¹⁵.")
	case g.Measure == NPV && !currency.MatchString(g.Currency):
		return adoption.Invalid("gate", "An amount needs its currency, by three capital letters such as EUR.")
	}
	return nil
}

// Next refuses a step that cannot follow on another: stages come one after the other, and any of them may be retired.
func Next(before, next Step) error {
	order := Stages()
	at := slices.Index(order, before.Stage)
	switch {
	case before.Stage == Retired:
		return adoption.Invalid("stage", "This roll-out is retired, and nothing comes after that. Begin a new one under another id.")
	case next.Stage != Retired && next.Stage != order[at+1]:
		return adoption.Invalid("stage", fmt.Sprintf("After %s comes %s; stages are neither left out nor taken back. Only retired may come at any time.", before.Stage, order[at+1]))
	case next.Day < before.Day:
		return adoption.Invalid("day", fmt.Sprintf("The stage before began on %s, so this one cannot begin earlier.", before.Day))
	}
	return nil
}

func names[T ~string](list []T) string {
	var all []string
	for _, one := range list {
		all = append(all, string(one))
	}
	return strings.Join(all, ", ")
}
