package worth

import "math"

// Each of these works out one figure in one pass over the lanes of a cell; docs/value.md has them as formulas.

func (s *side) capacityCosts(out []float64) {
	n := len(out)
	spent, lines := s.of(timeSpent)[:n], s.line(spanCap)[:n]
	for i := range out {
		out[i] = spent[i] + float64(s.share*lines[i])
	}
}

func (s *side) netCash(out []float64) {
	n := len(out)
	in, paid := s.line(spanIn)[:n], s.line(spanOut)[:n]
	for i := range out {
		out[i] = float64(s.share * (in[i] - paid[i]))
	}
}

// netCapacity is V − capacity costs, and what comes in and is paid beside it.
func (s *side) netCapacity(out, in, paid []float64) {
	n := len(out)
	worth, spent, lines := s.of(value)[:n], s.of(timeSpent)[:n], s.line(spanCap)[:n]
	in, paid = in[:n], paid[:n]
	for i := range out {
		out[i] = (worth[i] - spent[i]) + float64(s.share*((in[i]-paid[i])-lines[i]))
	}
}

// cashPresent is the net present value of the cash case: −C₀ + Σ (Bₜ − Cₜ) ÷ (1 + d)^(t/12).
func (s *side) cashPresent(out []float64) {
	n := len(out)
	in, paid := s.line(pvIn)[:n], s.line(pvOut)[:n]
	for i := range out {
		out[i] = float64(s.share * (in[i] - paid[i]))
	}
}

// bothPresent is that of cash and capacity together.
func (s *side) bothPresent(out []float64) {
	n := len(out)
	in, paid, worked := s.line(pvIn)[:n], s.line(pvOut)[:n], s.line(pvCap)[:n]
	worth, spent, whole := s.of(monthly)[:n], s.of(monthlyTime)[:n], s.d.whole[:n]
	for i := range out {
		out[i] = float64(s.share*((in[i]-paid[i])-worked[i])) + float64((worth[i]-spent[i])*whole[i])
	}
}

// cashReturn is (PV of benefits − PV of costs) ÷ PV of costs; false where nothing is paid. In a lane in which just then
// nothing is paid it is endless.
func (s *side) cashReturn(out []float64) bool {
	n := len(out)
	in, paid := s.line(pvIn)[:n], s.line(pvOut)[:n]
	if !(float64(s.share*paid[0]) > 0) {
		return false
	}
	for i := range out {
		out[i] = perPaid(in[i]-paid[i], paid[i])
	}
	return true
}

func perPaid(net, paid float64) float64 {
	if !(paid > 0) {
		return math.Inf(1)
	}
	return net / paid
}

// bothReturn is that of cash and capacity together.
func (s *side) bothReturn(out []float64) bool {
	s.bothPresent(out)
	n := len(out)
	paid, worked := s.line(pvOut)[:n], s.line(pvCap)[:n]
	spent, whole := s.of(monthlyTime)[:n], s.d.whole[:n]
	for i := range out {
		costs := float64(s.share*(paid[i]+worked[i])) + float64(spent[i]*whole[i])
		if i == 0 && !(costs > 0) {
			return false
		}
		out[i] = perPaid(out[i], costs)
	}
	return true
}

// stretch is a segment of the horizon as a cell goes through it.
type stretch struct {
	from, length float64
	cash, worked []float64
}

// payback is the first month at whose end what came in makes up for what was paid, not discounted; +Inf for not within
// the horizon.
func (s *side) payback(out []float64, segments []window, both bool) {
	n := len(out)
	hours := 0.0 // whether they count
	if both {
		hours = 1
	}
	capShare := float64(hours * s.share)
	way := make([]stretch, len(segments))
	for k, w := range segments {
		way[k] = stretch{float64(w.from), w.months(), s.line(segCash(k))[:n], s.line(segCap(k))[:n]}
	}
	paid, worked := s.line(upOut)[:n], s.line(upCap)[:n]
	worth, spent := s.of(monthly)[:n], s.of(monthlyTime)[:n]
	for i := range out {
		sum := -(float64(s.share*paid[i]) + float64(capShare*worked[i]))
		use := float64(hours * (worth[i] - spent[i]))
		out[i] = math.Inf(1)
		for k := range way {
			w := &way[k]
			net := (float64(s.share*w.cash[i]) - float64(capShare*w.worked[i])) + use
			if months := firstMonth(sum, net); months <= w.length {
				out[i] = w.from + months - 1
				break
			}
			sum += float64(net * w.length)
		}
	}
}

// firstMonth is the first month, 1 or later, after which sum + months × net ≥ 0; +Inf where there is none.
func firstMonth(sum, net float64) float64 {
	switch {
	case sum+net >= 0:
		return 1
	case net <= 0:
		return math.Inf(1)
	}
	return math.Ceil(-sum / net)
}
