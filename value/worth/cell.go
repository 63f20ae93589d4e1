package worth

import (
	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
)

// derived is a world with what all tools have in common in it.
type derived struct {
	world
	riskBenefits, riskCosts []float64   // 1 − r and 1 + r
	annuity                 [][]float64 // of each segment: what one unit a month is worth on the first day
	whole                   []float64   // of the whole horizon
	riskRates               [][]float64 // by input that is a rate: rate × (1 + r)
	zero                    []float64
	effects                 map[string]effect
	groups                  map[string][]group
}

// effect is what an action of each class saves.
type effect struct {
	hours [classes][]float64 // per action; nil where none are
	work  []float64          // attribution × recapture: the share of a saved hour that is work because of the tool
	ahead []float64          // the same, adjusted for risk
}

func derive(w world, t *terms) *derived {
	d := &derived{world: w, riskBenefits: make([]float64, w.lanes), riskCosts: make([]float64, w.lanes), whole: make([]float64, w.lanes)}
	benefits, costs := w.values[t.in.at["risk_benefits"]], w.values[t.in.at["risk_costs"]]
	for i := range w.lanes {
		d.riskBenefits[i], d.riskCosts[i] = 1-benefits[i], 1+costs[i]
	}
	d.zero, d.riskRates = make([]float64, w.lanes), make([][]float64, len(w.values))
	for i, in := range t.in.list {
		if in.Unit == assumptions.MoneyPerHour {
			d.riskRates[i] = product(w.values[i], d.riskCosts)
		}
	}
	d.annuities(w.values[t.in.at["discount_rate"]], t.segments)
	d.effects, d.groups = map[string]effect{}, map[string][]group{}
	for id, tool := range t.doc.Tools {
		d.effects[id] = d.effect(t.in, id, tool)
		d.groups[id] = t.groups(d, id)
	}
	return d
}

// annuities sums the discount factors (1 + d)^(−t/12) of each segment. Most rates are without doubt: then all lanes share
// one sum.
func (d *derived) annuities(rates []float64, segments []window) {
	d.annuity = make([][]float64, len(segments))
	for s := range segments {
		d.annuity[s] = make([]float64, d.lanes)
	}
	for i, rate := range rates {
		if i > 0 && rate == rates[i-1] {
			for s := range segments {
				d.annuity[s][i] = d.annuity[s][i-1]
			}
			d.whole[i] = d.whole[i-1]
			continue
		}
		month, factor := cash.Power(1+rate, -1/yearMonths), 1.0
		for s, w := range segments {
			for range int(w.months()) {
				factor = float64(factor * month)
				d.annuity[s][i] += factor
			}
			d.whole[i] += d.annuity[s][i]
		}
	}
}

func (d *derived) effect(in inputs, id string, tool assumptions.Tool) (e effect) {
	path := "tools." + id
	e.work = product(d.values[in.at[path+".attribution"]], d.values[in.at["recapture"]])
	e.ahead = product(e.work, d.riskBenefits)
	for c, class := range adoption.Classes() {
		i, ok := in.at[path+".minutes."+string(class)]
		if !ok {
			continue
		}
		e.hours[c] = make([]float64, d.lanes)
		for lane, minutes := range d.values[i] {
			e.hours[c][lane] = minutes / 60
		}
	}
	return e
}

// The kinds of vector that use makes.
const (
	hours       = iota // saved in the span
	value              // V of the span
	timeSpent          // in the tool, in the span, at the loaded rate
	monthly            // V of a month ahead, adjusted for risk
	monthlyTime        // time spent in the tool, a month ahead, adjusted for risk
	useKinds
)

// use puts into v what a tool saves and takes of people's time, for the zones of a unit; factor is by how much the use
// is more than it was.
func (d *derived) use(v *vectors, zones []zone, e effect, timeCounted bool, factor float64, scratch []float64) {
	for _, z := range zones {
		rate := d.values[z.rate]
		if e.saved(z.span.times(factor), scratch) {
			v.add(hours, 1, scratch)
			v.addWorked(value, 1, scratch, e.work, rate)
		}
		if e.saved(z.last.times(factor), scratch) {
			v.addWorked(monthly, aMonth, scratch, e.ahead, rate)
		}
		if timeCounted {
			v.add(timeSpent, float64(factor*z.spanSeconds)/3600, rate)
			v.add(monthlyTime, float64(float64(factor*aMonth)*z.lastSeconds)/3600, d.riskRates[z.rate])
		}
	}
}

// addWorked adds f × hours × work × rate to a kind.
func (v *vectors) addWorked(kind int, f float64, hours, work, rate []float64) {
	to, first := v.at[kind], v.at[kind] == nil
	if first {
		to = v.begin(kind)
	}
	to, work, rate = to[:len(hours)], work[:len(hours)], rate[:len(hours)]
	for i, h := range hours {
		worth := float64(float64(f*h) * float64(work[i]*rate[i]))
		if !first {
			worth += to[i]
		}
		to[i] = worth
	}
}

// saved puts the hours that counted actions save into a vector; false where there are none.
func (e effect) saved(counted byClass, into []float64) (any bool) {
	for c, n := range counted {
		per := e.hours[c]
		if per == nil || n == 0 {
			continue
		}
		to := into[:len(per)]
		if !any {
			for i, h := range per {
				to[i] = float64(n * h)
			}
			any = true
			continue
		}
		for i, h := range per {
			to[i] += float64(n * h)
		}
	}
	return any
}
