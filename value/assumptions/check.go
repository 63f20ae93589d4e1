package assumptions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"uptake/adoption"
)

// Check says all that is wrong with a document that was made in Go; nil where nothing is. Read has checked what it reads.
func (d *Document) Check() error {
	var problems Problems
	d.check(&checker{problems: &problems, doc: d})
	return problems.err()
}

// checker gathers problems, and passes over what could not be read: that has been told.
type checker struct {
	problems *Problems
	unread   map[string]bool
	doc      *Document
}

func (c *checker) wrong(path, reason string, args ...any) {
	for unread := range c.unread {
		if path == unread || strings.HasPrefix(unread, path+".") || strings.HasPrefix(path, unread+".") {
			return
		}
	}
	c.problems.add(path, reason, args...)
}

// Bounds that no honest input passes; they keep sums of ten thousand draws exact enough.
const (
	mostText    = 400 // characters
	mostMoney   = 1e12
	mostMinutes = 24 * 60
	mostHorizon = 120
	mostLines   = 200
	mostTools   = 100
	mostRates   = 2_000
	mostChanges = 2_000 // exchange rates
)

func (d *Document) check(c *checker) {
	c.currency("currency", d.Currency)
	c.rates(d.Rates)
	c.input("working_weeks", d.WorkingWeeks, Weeks)
	c.input("recapture", d.Recapture, Share)
	c.input("discount_rate", d.DiscountRate, Share)
	c.input("risk_benefits", d.RiskBenefits, Share)
	c.input("risk_costs", d.RiskCosts, Share)
	if d.Horizon < 1 || d.Horizon > mostHorizon {
		c.wrong("horizon_months", "must be 1 to %d months, not %d", mostHorizon, d.Horizon)
	}
	oneOf(c, "spread", d.Spread, []Spread{ByEnabled, ByHeadcount, ByActive})
	c.atMost("exchange", len(d.Exchange), mostChanges)
	for i, e := range d.Exchange {
		c.exchange(fmt.Sprintf("exchange[%d]", i), e)
	}
	c.atMost("tools", len(d.Tools), mostTools)
	for _, id := range slices.Sorted(maps.Keys(d.Tools)) {
		c.tool(join("tools", id), id, d.Tools[id])
	}
}

func (c *checker) atMost(path string, n, most int) {
	if n > most {
		c.wrong(path, "has %d entries; at most %d can be reckoned with", n, most)
	}
}

func (c *checker) rates(rates map[string]Input) {
	if _, ok := rates[adoption.Company]; !ok {
		c.wrong("rates.company", "is missing: units without a rate of their own need that of the company")
	}
	c.atMost("rates", len(rates), mostRates)
	for _, unit := range slices.Sorted(maps.Keys(rates)) {
		if unit == "" {
			c.wrong("rates", "has a rate without a unit")
		}
		c.input(join("rates", unit), rates[unit], MoneyPerHour)
	}
}

// currency demands three capital letters, as ISO 4217 has them.
func (c *checker) currency(path, code string) bool {
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		c.wrong(path, "must be a currency of three capital letters, as EUR (ISO 4217), not %q", code)
		return false
	}
	return true
}

func (c *checker) exchange(path string, e Exchange) {
	if c.currency(path+".from", e.From) && c.currency(path+".to", e.To) && e.From == e.To {
		c.wrong(path+".to", "is the currency itself")
	}
	if !(e.Rate > 0 && e.Rate <= mostMoney) {
		c.wrong(path+".rate", "must be above 0, not %g", e.Rate)
	}
	c.text(path+".source", e.Source, "say where the rate comes from")
	c.text(path+".owner", e.Owner, "say who answers for it")
}

// text demands that something is said, briefly.
func (c *checker) text(path, s, empty string) {
	switch {
	case strings.TrimSpace(s) == "":
		c.wrong(path, "is empty: %s", empty)
	case len(s) > mostText:
		c.wrong(path, "is longer than %d characters", mostText)
	}
}

func oneOf[T ~string](c *checker, path string, value T, allowed []T) {
	if !slices.Contains(allowed, value) {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = string(a)
		}
		c.wrong(path, "must be one of %s, not %q", strings.Join(words, ", "), string(value))
	}
}

// input checks one amount that must have a certain unit of measure.
func (c *checker) input(path string, in Input, unit string) {
	oneOf(c, path+".unit", in.Unit, []string{unit})
	if err := in.Check(); err != nil {
		c.wrong(path, "%s", err.Error())
	} else {
		c.bounds(path, in, unit)
	}
	c.text(path+".source", in.Source, "say where the number comes from")
	oneOf(c, path+".grade", in.Grade, []Grade{Measured, Used, Assumed})
	c.text(path+".owner", in.Owner, "say who answers for it")
}

func (c *checker) bounds(path string, in Input, unit string) {
	most, says := mostMoney, "that cannot be meant"
	switch unit {
	case Share:
		most, says = 1, "a share is at most 1 (100 %)"
	case Weeks:
		most, says = 53, "a year has at most 53 weeks"
	case Minutes:
		most, says = mostMinutes, "that is more than a day"
		if strings.HasSuffix(path, ".ceiling") {
			most, says = 7*mostMinutes, "that is more than a week"
		}
	}
	switch {
	case in.Low < 0:
		c.wrong(path+".low", "is below 0 (%g)", in.Low)
	case in.High > most:
		c.wrong(path+".high", "is %g: %s", in.High, says)
	case unit == Weeks && in.Low <= 0:
		c.wrong(path+".low", "must be above 0: a year without working weeks saves nothing and breaks even never")
	}
}
