package query

import (
	"errors"
	"fmt"
	"math"
	"sync"

	"uptake/adoption"
	"uptake/value"
)

// forecastWeeks is how far a forecast goes: a quarter of a year.
const forecastWeeks = 13

// models applies package value to rows that have passed the gate, and remembers what it found: the same counts always give
// the same curve, and a fit with its forecast takes some ten milliseconds.
type models struct {
	mu    sync.Mutex
	found map[string]*found
}

// modelsHeld bounds how many curves are remembered: some 2 MB.
const modelsHeld = 1_000

// found is what the models say of one curve.
type found struct {
	fit      value.BassFit
	noFit    *value.NoFit
	forecast []value.Point
	stall    value.Stall
	noStall  *value.NoFit
}

// apply fills in what the models say of a row.
func (m *models) apply(row *DiffusionRow) {
	if row.Curve == nil {
		return
	}
	var closed []float64
	for _, w := range row.Curve {
		if !w.Running {
			closed = append(closed, float64(w.Adopters))
		}
	}
	row.Rogers = rogers(row)
	f := m.of(closed, float64(row.Enabled))
	row.writeFit(f, len(closed))
	row.writeStall(f)
}

// of is what is found of a curve of closed weeks.
func (m *models) of(curve []float64, enabled float64) *found {
	key := fmt.Sprint(enabled, curve)
	m.mu.Lock()
	f, there := m.found[key]
	m.mu.Unlock()
	if there {
		return f
	}
	f = look(curve, enabled)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found == nil || len(m.found) >= modelsHeld {
		m.found = map[string]*found{}
	}
	m.found[key] = f
	return f
}

func look(curve []float64, enabled float64) *found {
	f := &found{}
	var err error
	if f.fit, err = value.Fit(curve, enabled); err == nil {
		f.forecast = f.fit.Forecast(forecastWeeks)
	}
	errors.As(err, &f.noFit)
	f.stall, err = value.Stalled(curve, enabled)
	errors.As(err, &f.noStall)
	return f
}

// writeFit writes down the fit to the closed weeks and its forecast, or why there is none.
func (r *DiffusionRow) writeFit(f *found, closed int) {
	if f.noFit != nil {
		r.NoFit = &MissingFit{Reason: string(f.noFit.Reason), Message: noFitWords(f.noFit)}
		return
	}
	first := r.Curve[f.fit.Start].Week
	r.Fit = &BassCurve{P: f.fit.P, Q: f.fit.Q, M: f.fit.M, Bounded: f.fit.Bounded, R2: f.fit.R2, RMSE: f.fit.RMSE, Weeks: f.fit.Weeks, FirstWeek: first}
	if f.fit.Peak > 0 {
		peak := first + 7*adoption.Day(math.Floor(f.fit.Peak))
		r.Fit.PeakWeek = &peak
	}
	last := r.Curve[closed-1].Week
	for _, p := range f.forecast {
		r.Forecast = append(r.Forecast, ForecastWeek{Week: last + 7*adoption.Day(p.Week), Low: p.Low, Likely: p.Adopters, High: p.High})
	}
}

// writeStall says whether it has come to a standstill.
func (r *DiffusionRow) writeStall(f *found) {
	why := stallWords(f.stall)
	if f.noStall != nil {
		why = "Whether it has come to a standstill cannot be said: that needs a curve fitted to the weeks before the last 8. " + noFitWords(f.noStall)
	} else {
		r.Stalled = &f.stall.Stalled
	}
	r.Why = &why
}

// rogers sorts the enabled people into Rogers' categories, by all weeks of the curve.
func rogers(row *DiffusionRow) []AdopterGroup {
	curve := make([]float64, len(row.Curve))
	for i, w := range row.Curve {
		curve[i] = float64(w.Adopters)
	}
	groups := []AdopterGroup{}
	categories, _ := value.Rogers(curve, float64(row.Enabled))
	share, before := 0.0, 0.0
	for _, c := range categories {
		g := AdopterGroup{Category: c.Name, Share: math.Round((c.Until-share)*1000) / 1000, Size: uint64(c.Size), People: uint64(c.Adopters)}
		if c.Adopters > 0 {
			for i := range curve {
				if curve[i] > before {
					g.FromWeek = &row.Curve[i].Week
					break
				}
			}
		}
		if c.Size > 0 && c.Week >= 0 {
			g.ToWeek = &row.Curve[c.Week].Week
		}
		groups = append(groups, g)
		share, before = c.Until, before+c.Size
	}
	return groups
}
