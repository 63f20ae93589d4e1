package demo

import (
	"math"
	"math/rand/v2"
)

// kinship is how much of the readiness to take up a tool is the person's own, whatever the tool. Without it nearly
// everybody would use some tool.
const kinship = 0.68

// habits draws when a person takes up each tool. Each has a rank of readiness for each tool, normally distributed;
// tools spread through a unit from the readiest on (logistic diffusion), up to the tool's ceiling.
func (c *company) habits(p *person, ready float64, r *rand.Rand) {
	for t := range tools {
		rank := math.Sqrt(kinship)*ready + math.Sqrt(1-kinship)*r.NormFloat64()
		quick := 0.35 + 1.3*r.Float64() // how often, compared with the tool's mean
		if r.Float64() < 0.15 {
			quick = 0.08 // tried it, comes back now and then
		}
		givesUp := r.Float64()
		when := r.IntN(Days)
		p.use[t] = use{from: never, until: never, daily: float32(min(0.95, tools[t].daily*quick))}
		if p.unit == nowhere {
			if t == chat || t == wiki {
				p.use[t].from = int16(r.IntN(100))
			}
			continue
		}
		u := &c.units[p.unit]
		s := spreadOf(u, t)
		day := s.day(normal(-rank))
		if day == never || u.role == stalled && day > stallDay && t != meetings {
			continue
		}
		if p.use[t].from = day; p.joined != always {
			p.use[t].from = max(day, p.joined+1)
		}
		switch {
		case u.role == stalled && givesUp < 0.25:
			p.use[t].until = stallDay + int16(when*(Days-stallDay)/Days)
		case u.role == ahead:
			p.use[t].daily = min(0.95, max(0.25, 1.3*p.use[t].daily))
		case givesUp < 0.05:
			p.use[t].until = p.use[t].from + int16(20+when)
		}
	}
}

// A spread is the diffusion of a tool in a unit.
type spread struct{ ceiling, middle, width float64 }

// spreadOf is how a tool spreads in a unit: the units' culture moves the ceiling, their part in the story the rest.
func spreadOf(u *unit, t int) spread {
	s := spread{tools[t].ceiling, tools[t].middle, tools[t].width}
	shift := u.culture
	switch t {
	case chat:
		if u.entity == birch {
			s.ceiling, s.middle = 0.12, 200 // not allowed there; some join the rooms of the other half
		}
	case notes:
		if u.role != pilot {
			return spread{}
		}
		shift = 0
	case wiki:
		if u.role == trial {
			s.ceiling, s.middle = 0.55, 150
		}
	}
	switch u.role {
	case ahead:
		s.middle -= 90
	case stalled:
		s.middle = min(s.middle, 130) // the first to begin
	}
	if s.ceiling = normal(quantile(s.ceiling) + shift); u.role == ahead {
		s.ceiling = min(s.ceiling, 0.91)
	}
	return s
}

// day is when the one takes up the tool before whom a share of the unit is readier; never beyond the ceiling.
func (s spread) day(share float64) int16 {
	if s.ceiling <= 0 || share >= s.ceiling {
		return never
	}
	x := share / s.ceiling
	day := s.middle + s.width*math.Log(x/(1-x))
	switch {
	case day < 0:
		return always
	case day >= Days:
		return never
	}
	return int16(day)
}

// normal is the share of a standard normal distribution below x.
func normal(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// quantile is the inverse of normal.
func quantile(share float64) float64 { return math.Sqrt2 * math.Erfinv(2*share-1) }
