package assumptions

import (
	"fmt"
	"maps"
	"slices"

	"uptake/adoption"
)

func (c *checker) tool(path, id string, t Tool) {
	if id == "" || id == adoption.AllTools {
		c.wrong(path, "%q is no tool", id)
	}
	oneOf(c, path+".category", t.Category, Categories())
	c.input(path+".attribution", t.Attribution, Share)
	for _, class := range slices.Sorted(maps.Keys(t.Minutes)) {
		at := join(path+".minutes", string(class))
		if !slices.Contains(adoption.Classes(), class) {
			c.wrong(at, "is no class of actions")
			continue
		}
		c.input(at, t.Minutes[class], Minutes)
	}
	if t.Ceiling != nil {
		c.input(path+".ceiling", *t.Ceiling, Minutes)
	}
	c.atMost(path+".costs", len(t.Costs), mostLines)
	for i, cost := range t.Costs {
		c.cost(fmt.Sprintf("%s.costs[%d]", path, i), cost)
	}
	c.atMost(path+".benefits", len(t.Benefits), mostLines)
	for i, b := range t.Benefits {
		at := fmt.Sprintf("%s.benefits[%d]", path, i)
		oneOf(c, at+".kind", b.Kind, BenefitKinds())
		c.line(at, b.Line, Money)
	}
}

func (c *checker) cost(path string, cost Cost) {
	oneOf(c, path+".kind", cost.Kind, CostKinds())
	oneOf(c, path+".class", cost.Class, []Class{Cash, Capacity})
	unit := Money
	if cost.Class == Capacity {
		unit = cost.Amount.Unit // hours, or money for hours that somebody has priced already
		oneOf(c, path+".amount.unit", unit, []string{Hours, Money})
	}
	c.line(path, cost.Line, unit)
	if cost.Per == Once || cost.Kind != "licences" {
		if cost.Renewal != nil {
			c.wrong(path+".renewal", "belongs to licences that are paid again and again")
		}
		if cost.Notice != nil {
			c.wrong(path+".notice", "belongs to licences that are paid again and again")
		}
		return
	}
	switch {
	case cost.Notice != nil && cost.Renewal == nil:
		c.wrong(path+".renewal", "is missing: a day of notice is for a renewal")
	case cost.Notice != nil && *cost.Notice > *cost.Renewal:
		c.wrong(path+".notice", "%s lies after the renewal on %s", *cost.Notice, *cost.Renewal)
	}
	if cost.Renewal != nil && cost.From != nil && *cost.Renewal < *cost.From {
		c.wrong(path+".renewal", "%s lies before the contract begins on %s", *cost.Renewal, *cost.From)
	}
}

// line checks what costs and benefits share. unit is money or hours.
func (c *checker) line(path string, l Line, unit string) {
	c.text(path+".name", l.Name, "say what the line is for")
	c.input(path+".amount", l.Amount, unit)
	oneOf(c, path+".per", l.Per, []Per{SeatMonth, Month, Year, Once})
	switch {
	case unit == Hours && l.Currency != "":
		c.wrong(path+".currency", "must be left out: hours count at the loaded rate")
	case unit == Money && l.Currency == "":
		c.wrong(path+".currency", "is missing: a price needs its currency")
	case unit == Money:
		c.currency(path+".currency", l.Currency)
	}
	switch {
	case l.Per == Once && l.To != nil:
		c.wrong(path+".to", "must be left out: what is paid once has one day, from")
	case l.From != nil && l.To != nil && *l.To < *l.From:
		c.wrong(path+".to", "the period ends on %s, before it begins on %s", *l.To, *l.From)
	}
}
