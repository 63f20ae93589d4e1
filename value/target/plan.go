// Package target judges whether a unit is on course to what it wants to reach by a day (Judge), and refuses what cannot be
// a target (Plan.Check). Nothing here reads or stores anything.
package target

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"uptake/adoption"
)

// Measure is what a target is set in.
type Measure string

const (
	Adoption    Measure = "adoption"     // active ÷ enabled, 0..1
	Habit       Measure = "habit"        // (power + habitual) ÷ enabled, 0..1
	NetCapacity Measure = "net_capacity" // money of 28 days, P50
	NetCash     Measure = "net_cash"     // money of 28 days, P50
)

// Measures lists all of them.
func Measures() []Measure { return []Measure{Adoption, Habit, NetCapacity, NetCash} }

// Money tells whether a measure is an amount of money; else it is a share.
func (m Measure) Money() bool { return m == NetCapacity || m == NetCash }

// Plan is a target as it is entered.
type Plan struct {
	ID       string       `json:"id"` // lower-case letters, digits and dashes
	Unit     string       `json:"unit"`
	Tool     string       `json:"tool"` // "all" for all together
	Measure  Measure      `json:"measure"`
	Goal     float64      `json:"goal"`     // this much or more: a share, or money of 28 days
	Currency string       `json:"currency"` // ISO 4217; of money only
	By       adoption.Day `json:"by"`
}

// mostAhead is how many days ahead a target may lie.
const mostAhead = 5 * 366

var (
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	currency = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Check refuses what cannot be a target. The error is InvalidParameter and names the field. Whether unit and tool exist is
// for whoever knows them to check.
func (p Plan) Check(today adoption.Day) error {
	switch {
	case !idForm.MatchString(p.ID) || len(p.ID) > 64:
		return adoption.Invalid("id", "An id has 1 to 64 lower-case letters, digits and dashes.")
	case p.Unit == "":
		return adoption.Invalid("unit", "Name the unit; company is the whole company.")
	case p.Tool == "":
		return adoption.Invalid("tool", "Name the tool, or all.")
	case !slices.Contains(Measures(), p.Measure):
		return adoption.Invalid("measure", "A target is set in "+measureNames()+".")
	case p.By <= today:
		return adoption.Invalid("by", fmt.Sprintf("A target lies ahead, and today is %s.", today))
	case p.By > today+mostAhead:
		return adoption.Invalid("by", "A target lies within five years.")
	}
	return p.checkGoal()
}

func (p Plan) checkGoal() error {
	switch {
	case !p.Measure.Money() && !(p.Goal > 0 && p.Goal <= 1):
		return adoption.Invalid("goal", "A share lies above 0 and is 1 at most. 60 % are 0.6.")
	case !p.Measure.Money() && p.Currency != "":
		return adoption.Invalid("currency", "Only money has a currency. Leave it out.")
	case p.Measure.Money() && !(math.Abs(p.Goal) <= 1e15):
		return adoption.Invalid("goal", "An amount lies between −10¹⁵ and 10¹⁵.")
	case p.Measure.Money() && !currency.MatchString(p.Currency):
		return adoption.Invalid("currency", "An amount needs its currency, by three capital letters such as EUR.")
	}
	return nil
}

func measureNames() string {
	var names []string
	for _, m := range Measures() {
		names = append(names, string(m))
	}
	return strings.Join(names, ", ")
}
