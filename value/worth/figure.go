package worth

import "uptake/value/assumptions"

// Figure is one number with its doubt. P10, P50, P90 and Likely are nil where there is none, and Why then says the reason.
// P10 is the sample that a tenth of the draws do not exceed: of a benefit the careful end, of a cost or a number of
// months the favourable one.
type Figure struct {
	P10         *float64          `json:"p10"`
	P50         *float64          `json:"p50"`
	P90         *float64          `json:"p90"`
	Likely      *float64          `json:"likely"` // with every input at its likely value
	Grade       assumptions.Grade `json:"grade"`
	Formula     string            `json:"formula"`
	MovedMostBy string            `json:"moved_most_by,omitempty"` // the path of the input whose range moves it most
	Above0      *float64          `json:"probability_above_0,omitempty"`
	Why         string            `json:"why,omitempty"`
}

// The reasons why a figure is not there.
const (
	WhyNothingPaid   = "nothing is paid, so there is no return on it"
	WhyTwoCurrencies = "amounts in another currency have no exchange rate, and are not added"
)

// name is which figure of a unit and tool is meant.
type name int

const (
	nHours name = iota
	nValue
	nCashIn
	nCashOut
	nCapacityCosts
	nNetCash
	nNetCapacity
	nROI
	nNPV
	nPayback
	nBothNet
	nBothROI
	nBothNPV
	nBothPayback
	names
)

// words are the names of figures as answers bear them.
var words = [names]string{"hours", "capacity_value", "cash_in", "cash_out", "capacity_costs", "net_cash", "net_capacity", "roi", "npv",
	"payback_months", "combined.net", "combined.roi", "combined.npv", "combined.payback_months"}

// mixes tells whether a figure sets money of lines against other money, which takes one currency.
func (n name) mixes() bool { return n >= nNetCash }

// linesAlone tells whether a figure of a cell is made of lines only, so that a share of them has a share of the figure.
func (n name) linesAlone(s *side) bool {
	switch n {
	case nCashIn, nCashOut, nNetCash, nROI, nNPV, nPayback:
		return true
	case nCapacityCosts:
		return s.use.at[timeSpent] == nil
	}
	return false
}

// lanes works out a figure in every lane, into out. ok is false where it does not exist: nothing is paid.
func (n name) lanes(s *side, segments []window, out []float64) (ok bool) {
	switch n {
	case nHours:
		copy(out, s.of(hours))
	case nValue:
		copy(out, s.of(value))
	case nCashIn:
		times(out, s.share, s.line(spanIn))
	case nCashOut:
		times(out, s.share, s.line(spanOut))
	case nCapacityCosts:
		s.capacityCosts(out)
	case nNetCash:
		s.netCash(out)
	case nNetCapacity:
		s.netCapacity(out, s.d.zero, s.d.zero)
	case nBothNet:
		s.netCapacity(out, s.line(spanIn), s.line(spanOut))
	case nNPV:
		s.cashPresent(out)
	case nBothNPV:
		s.bothPresent(out)
	case nROI:
		return s.cashReturn(out)
	case nBothROI:
		return s.bothReturn(out)
	case nPayback:
		s.payback(out, segments, false)
	case nBothPayback:
		s.payback(out, segments, true)
	}
	return true
}

func times(out []float64, f float64, by []float64) {
	by = by[:len(out)]
	for i := range out {
		out[i] = float64(f * by[i])
	}
}
