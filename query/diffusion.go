package query

import (
	"context"
	"fmt"
	"net/url"

	"uptake/adoption"
)

// DiffusionQuestion asks how a tool has spread among the people who are enabled on a day.
type DiffusionQuestion struct {
	Unit     string       // as in AdoptionQuestion; "" is the company
	Tool     string       // "" is all tools
	From     adoption.Day // the curve is told from the week that holds it; 0 is from the first adopter
	To       adoption.Day // whose enabled people the answer speaks of
	Children bool
}

// DiffusionAnswer is the shape of GET /api/v1/diffusion.
type DiffusionAnswer = Answer[DiffusionRow]

// DiffusionRow is how a tool has spread among the enabled people of a row, each an adopter from the ISO week of his or her first
// activity ever. Whoever had adopted and is enabled no longer is not in it, nor in the weeks before. Everything is nil where the group
// is hidden, and while the figures have not caught up with a change of the directory.
type DiffusionRow struct {
	RowFrame
	Adopters *uint64        `json:"adopters"`
	Share    *float64       `json:"share"`    // adopters ÷ enabled
	Curve    []CurveWeek    `json:"curve"`    // every week from the first adopter on
	Rogers   []AdopterGroup `json:"rogers"`   // none where nobody is enabled
	Fit      *BassCurve     `json:"fit"`      // nil where none is believed
	NoFit    *MissingFit    `json:"no_fit"`   // why
	Forecast []ForecastWeek `json:"forecast"` // nil without a fit
	Stalled  *bool          `json:"stalled"`  // nil where it cannot be said
	Why      *string        `json:"why"`      // a sentence, with the numbers that it rests on
}

// CurveWeek is one ISO week of the curve.
type CurveWeek struct {
	Week     adoption.Day `json:"week"`     // its Monday
	New      uint64       `json:"new"`      // people who adopted in it
	Adopters uint64       `json:"adopters"` // by its end
	Share    float64      `json:"share"`    // adopters ÷ enabled
	Running  bool         `json:"running"`  // it is not over on the row's date; fits and forecasts take no notice of it
}

// AdopterGroup is one of Rogers' categories, by the order of adoption, of the enabled people.
type AdopterGroup struct {
	Category string        `json:"category"`
	Share    float64       `json:"share"`     // of the enabled
	Size     uint64        `json:"size"`      // people it holds when it is full
	People   uint64        `json:"people"`    // of it who have adopted
	FromWeek *adoption.Day `json:"from_week"` // Monday of the week of its first adopter
	ToWeek   *adoption.Day `json:"to_week"`   // of the week in which it became full
}

// BassCurve is a fitted Bass curve, N(t) = m·(1 − e^−(p+q)t) ÷ (1 + (q/p)·e^−(p+q)t), t in weeks since FirstWeek began.
type BassCurve struct {
	P         float64       `json:"p"`       // coefficient of innovation, per week
	Q         float64       `json:"q"`       // coefficient of imitation, per week
	M         float64       `json:"m"`       // people who will have adopted in the end, at most the enabled
	Bounded   bool          `json:"bounded"` // the best m would be above the enabled
	R2        float64       `json:"r2"`      // of the weekly adopters
	RMSE      float64       `json:"rmse"`    // of the weekly adopters, people
	Weeks     int           `json:"weeks"`   // that it was fitted to
	FirstWeek adoption.Day  `json:"first_week"`
	PeakWeek  *adoption.Day `json:"peak_week"` // in which most adopted; nil where the weeks only fall
}

// MissingFit says why there is no fit.
type MissingFit struct {
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// ForecastWeek is what is expected by the end of a week: between Low and High in eight of ten cases.
type ForecastWeek struct {
	Week   adoption.Day `json:"week"` // its Monday
	Low    float64      `json:"low"`
	Likely float64      `json:"likely"` // half of the futures end above
	High   float64      `json:"high"`
}

// ParseDiffusion reads a question about diffusion from URL parameters. Left out: the company, all tools, up to today, from the
// first adopter on. Errors are InvalidParameter and name the field.
func ParseDiffusion(values url.Values, today adoption.Day) (DiffusionQuestion, error) {
	q := DiffusionQuestion{To: today}
	err := parameters{
		{"unit", textInto(&q.Unit)}, {"tool", textInto(&q.Tool)}, {"from", dayInto(&q.From)}, {"to", dayInto(&q.To)}, {"children", flagInto(&q.Children)},
	}.read(values)
	if err != nil {
		return q, err
	}
	return q, q.check()
}

// check fills the defaults in and refuses what cannot be answered.
func (q *DiffusionQuestion) check() error {
	if q.Unit == "" {
		q.Unit = adoption.Company
	}
	if q.Tool == "" {
		q.Tool = adoption.AllTools
	}
	if q.From > q.To {
		return adoption.Invalid("from", fmt.Sprintf("from (%s) lies after to (%s).", q.From, q.To))
	}
	return nil
}

// Diffusion answers how a tool has spread, how it is likely to go on, and whether it has come to a standstill. One row a
// unit; an unknown unit or tool is NotFound.
func (c *Company) Diffusion(ctx context.Context, q DiffusionQuestion) (*DiffusionAnswer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	answer := &DiffusionAnswer{Header: c.header(q.To)}
	err := c.consistently(ctx, func(snap *snapshot) error {
		to := min(q.To, snap.state.today)
		in := beginInquiry{unit: q.Unit, tool: q.Tool, ends: adoption.PeriodEnds(to, to, adoption.ByDay, snap.state.today), children: q.Children}
		rows, err := beginRows(ctx, c, snap, in, (*beginGate).diffusion)
		answer.Rows = rows
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range answer.Rows {
		c.fits.apply(&answer.Rows[i])
		answer.Rows[i].cut(q.From)
	}
	return answer, nil
}

// cut drops the weeks of the curve before the one that holds a day.
func (r *DiffusionRow) cut(from adoption.Day) {
	for len(r.Curve) > 0 && r.Curve[0].Week+6 < from {
		r.Curve = r.Curve[1:]
	}
}
