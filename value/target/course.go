package target

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"uptake/adoption"
)

// Step is how many days lie between two points: the figures look back on 28 days, so that no day counts in two points of
// adoption or money.
const Step = 28

const (
	// Points are how many figures a course is judged from: half a year.
	Points = 7
	// MinPoints are needed to tell a course from chance.
	MinPoints = 5
	likely    = 0.90 // of the futures reach what is on course; as many miss what is behind
	certain   = 0.99 // of the futures miss what is out of reach
)

// State is what may be said of a target.
type State string

const (
	OnCourse   State = "on_course"    // nine of ten futures reach it
	Open       State = "open"         // between the two: chance decides
	Behind     State = "behind"       // nine of ten futures miss it
	OutOfReach State = "out_of_reach" // 99 of 100 futures miss it
	Reached    State = "reached"      // its day is over
	Missed     State = "missed"
	Hidden     State = "hidden"  // a small group, or one that would reveal one: nothing is said
	Unknown    State = "unknown" // too little is known, for the reason given
)

// Point is the figure on a day; nil where it is not known.
type Point struct {
	Day   adoption.Day `json:"day"`
	Value *float64     `json:"value"`
}

// Forecast is what is expected on the target's day: between Low and High in eight of ten futures.
type Forecast struct {
	Low    float64 `json:"low"`
	Likely float64 `json:"likely"`
	High   float64 `json:"high"`
	Chance float64 `json:"chance"` // that the goal is reached
}

// Course is what the figures say of a target.
type Course struct {
	State    State     `json:"state"`
	Reason   string    `json:"reason"`   // why nothing is said; "" where something is
	Points   []Point   `json:"points"`   // the oldest first, Step days apart; none where it is hidden
	Now      *float64  `json:"now"`      // the newest figure
	Forecast *Forecast `json:"forecast"` // nil where there is none, and when the target's day is over
	Sentence string    `json:"sentence"`
}

// Silent is a course of which nothing may be said, or nothing can.
func Silent(s State, reason string) Course {
	return Course{State: s, Reason: reason, Points: []Point{}, Sentence: "Nothing is said of this target: " + reason + "."}
}

// Judge judges a target by its points, the oldest first. over: its day is over, and the last point is that of the last
// closed week up to it. Before, the course goes on as it went: a random walk with drift over steps of 28 days, whose
// interval widens with the time ahead and with the doubt of the drift (Hyndman & Athanasopoulos, Forecasting: Principles
// and Practice, 3rd edition, 5.2 and 5.5), with quantiles of Student's t because the spread is estimated, too.
func Judge(p Plan, points []Point, over bool) Course {
	if len(points) == 0 || points[len(points)-1].Value == nil {
		return Silent(Unknown, "its newest figure is not known")
	}
	last := points[len(points)-1]
	c := Course{Points: points, Now: last.Value}
	if over {
		c.State = Missed
		if *last.Value >= p.Goal {
			c.State = Reached
		}
		c.Sentence = p.over(c)
		return c
	}
	values := known(points)
	if len(values) < MinPoints {
		c.State, c.Reason = Unknown, fmt.Sprintf("%d figures without a gap are known, and a course needs %d, %d days apart", len(values), MinPoints, Step)
		c.Sentence = "Whether it is on course cannot be said: " + c.Reason + "."
		return c
	}
	f := forecast(p, values, float64(p.By-last.Day)/Step)
	c.Forecast, c.State = &f, state(f.Chance)
	c.Sentence = p.sentence(c)
	return c
}

// known are the newest values without a gap.
func known(points []Point) (values []float64) {
	from := len(points)
	for from > 0 && points[from-1].Value != nil {
		from--
	}
	for _, p := range points[from:] {
		values = append(values, *p.Value)
	}
	return values
}

func state(chance float64) State {
	switch {
	case chance >= likely:
		return OnCourse
	case chance <= 1-certain:
		return OutOfReach
	case chance <= 1-likely:
		return Behind
	}
	return Open
}

// forecast goes on for a number of steps: last + steps × drift, ± t × s × √(steps + steps² ÷ n) with the mean and the
// deviation s of n rises.
func forecast(p Plan, values []float64, steps float64) Forecast {
	n := float64(len(values) - 1)
	last := values[len(values)-1]
	drift, squares := (last-values[0])/n, 0.0
	for i := 1; i < len(values); i++ {
		off := values[i] - values[i-1] - drift
		squares += off * off
	}
	middle := last + steps*drift
	deviation := math.Sqrt(squares/(n-1)) * math.Sqrt(steps+steps*steps/n)
	f := Forecast{Low: middle, Likely: middle, High: middle}
	// Rises that are all alike have no deviation but that of rounding.
	if deviation > 1e-12*max(math.Abs(middle), math.Abs(last)) {
		student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}
		half := student.Quantile(likely) * deviation
		f.Low, f.High, f.Chance = middle-half, middle+half, student.Survival((p.Goal-middle)/deviation)
	} else if middle >= p.Goal-1e-12*math.Abs(p.Goal) {
		f.Chance = 1
	}
	if !p.Measure.Money() {
		f.Low, f.Likely, f.High = share(f.Low), share(f.Likely), share(f.High)
	}
	return f
}

// share keeps a forecast between nobody and everybody.
func share(x float64) float64 { return min(max(x, 0), 1) }

func (p Plan) over(c Course) string {
	word := "missed"
	if c.State == Reached {
		word = "reached"
	}
	return fmt.Sprintf("It was %s: %s in the last closed week up to %s, of %s.", word, p.amount(*c.Now), p.By, p.amount(p.Goal))
}

func (p Plan) sentence(c Course) string {
	f := c.Forecast
	ahead := fmt.Sprintf("If it goes on as in the last %d times 28 days, it comes to %s on %s (%s to %s in eight of ten cases), and %s are wanted", len(known(c.Points))-1,
		p.amount(f.Likely), p.By, p.amount(f.Low), p.amount(f.High), p.amount(p.Goal))
	switch c.State {
	case OnCourse:
		return ahead + ": on course."
	case Behind:
		return ahead + ": behind."
	case OutOfReach:
		return ahead + ": out of reach, unless something changes."
	}
	return ahead + ": it may be reached or not."
}

// amount writes a value of the plan's measure.
func (p Plan) amount(x float64) string {
	text := fmt.Sprintf("%.1f %%", 100*x)
	if p.Measure.Money() {
		text = fmt.Sprintf("%.0f %s", x, p.Currency)
	}
	return strings.Replace(text, "-", "−", 1)
}
