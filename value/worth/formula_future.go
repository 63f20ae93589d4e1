package worth

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// future writes the formulas of what lies ahead.
func (w writer) future(n name) string {
	d, both := w.plan.moved, n >= nBothNet
	in, out, up := w.lined(pvIn), w.lined(pvOut), w.lined(upOut)
	if both {
		in += float64(w.used(monthly) * d.whole[0])
		out += w.lined(pvCap) + float64(w.used(monthlyTime)*d.whole[0])
		up += w.lined(upCap)
	}
	switch n {
	case nNPV, nBothNPV:
		return fmt.Sprintf("−%s paid at once + present value of benefits %s − of later costs %s = %s%s", amount(up), amount(in), amount(out-up), amount(in-out), w.basis())
	case nROI, nBothROI:
		if out <= 0 {
			return "present value of benefits " + amount(in) + ", nothing is paid"
		}
		return fmt.Sprintf("(present value of benefits %s − of costs %s) ÷ %s = %s%s", amount(in), amount(out), amount(out), factor((in-out)/out), w.basis())
	}
	return w.payback(both, up)
}

// basis says under which rates a present value stands.
func (w writer) basis() string {
	return fmt.Sprintf("; %d months at %s %% a year, the last 28 days × 365 ÷ 28 ÷ 12 a month, benefits × (1 − %s), costs × (1 + %s)",
		w.m.doc.Horizon, amount(float64(100*w.input("discount_rate"))), factor(w.input("risk_benefits")), factor(w.input("risk_costs")))
}

func (w writer) payback(both bool, up float64) string {
	net := func(s int) float64 {
		month := w.lined(segCash(s))
		if both {
			month += w.used(monthly) - w.used(monthlyTime) - w.lined(segCap(s))
		}
		return month
	}
	var parts []string
	for s, part := range w.plan.terms.segments {
		parts = append(parts, fmt.Sprintf("%s a month in months %d–%d", amount(net(s)), part.from, part.to))
	}
	return "the first month t with −" + amount(up) + " + net of the months to t ≥ 0; net " + strings.Join(parts, ", ")
}

// amount writes a number as people do: two decimals at most, thousands apart.
func amount(v float64) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', 2, 64)
	s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	if v < 0 && s != "0" {
		return "−" + whole
	}
	return whole
}

// factor writes a number that amounts are multiplied by, with four digits that count.
func factor(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

func money(v *float64) string {
	if v == nil {
		return "none"
	}
	return amount(*v)
}
