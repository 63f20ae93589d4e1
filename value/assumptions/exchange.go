package assumptions

import "uptake/adoption"

// Exchange is a rate that somebody entered: one From is Rate To on Date.
type Exchange struct {
	From   string       `json:"from"`
	To     string       `json:"to"`
	Rate   float64      `json:"rate"`
	Date   adoption.Day `json:"date"`
	Source string       `json:"source"`
	Owner  string       `json:"owner"`
}

// Conversion is how an amount came from one currency into another.
type Conversion struct {
	Exchange
	// Factor is what an amount was multiplied by: Rate, or 1 ÷ Rate where the rate was entered the other way round.
	Factor float64 `json:"factor"`
}

// Convert finds the newest entered rate between two currencies that is not dated after a day, in either direction; of two
// of the same day the one that stands later. Rates are never chained over a third currency: nobody entered that rate.
// ok is false where there is none: the amounts are then shown side by side and never added. Between a currency and
// itself the factor is 1.
func (d *Document) Convert(from, to string, on adoption.Day) (c Conversion, ok bool) {
	if from == to {
		return Conversion{Factor: 1}, true
	}
	for _, e := range d.Exchange {
		if e.Date > on || ok && e.Date < c.Date {
			continue
		}
		switch {
		case e.From == from && e.To == to:
			c, ok = Conversion{e, e.Rate}, true
		case e.From == to && e.To == from:
			c, ok = Conversion{e, 1 / e.Rate}, true
		}
	}
	return c, ok
}
