package query

import (
	"context"
	"slices"

	"uptake/adoption"
)

// CompareAnswer is the shape of GET /api/v1/compare: two sides and how each figure differs between them. A side is a row
// of GET /api/v1/adoption, and everything else is worked out from the two rows, so it tells no more than they do.
type CompareAnswer struct {
	Header
	Against string           `json:"against"` // as asked
	Doubt   float64          `json:"doubt"`   // a difference is beyond chance where its p is under this
	This    CompareSide      `json:"this"`
	Other   CompareSide      `json:"other"`
	Figures []ComparedFigure `json:"figures"` // in the order of an adoption row
}

// CompareSide is one side of a comparison: a unit and a tool in a period of closed days. Its figures are those of the
// period's last day.
type CompareSide struct {
	Unit string       `json:"unit"`
	Tool string       `json:"tool"`
	From adoption.Day `json:"from"`
	To   adoption.Day `json:"to"`
	Row  *AdoptionRow `json:"row"` // nil where there are no figures on To
}

// ComparedFigure is one figure on both sides.
type ComparedFigure struct {
	Key          string   `json:"key"` // field of AdoptionRow
	Measure      Measure  `json:"measure"`
	This         *float64 `json:"this"`
	Other        *float64 `json:"other"`
	Difference   *float64 `json:"difference"`    // This − Other, in Measure (of shares: 0.01 is one percentage point); nil: see Missing
	P            *float64 `json:"p"`             // probability of a difference at least as large by chance alone; nil where it is not known (see comparedKinds)
	BeyondChance *bool    `json:"beyond_chance"` // P < Doubt; nil where P is
	Missing      Missing  `json:"missing"`       // why Difference is nil; "" where it is there
}

// Why two values that may both be there are not compared.
const (
	MissingOverlap   Missing = "overlap"    // the windows of the two values share days: the period is shorter than the figure's window
	MissingWeekday   Missing = "weekday"    // not the same weekday (active_1), or not both Sundays, the ends of ISO weeks (life cycle)
	MissingChanged   Missing = "changed"    // a rest group of other units on the other side
	MissingNewSource Missing = "new source" // a source began inside the windows: the sides were not fed by the same data
	MissingGap       Missing = "gap"        // data is missing in one of the windows
)

// Compare sets two sides beside each other. An unknown unit or tool is NotFound; a day that is not over, or a comparison
// of something with itself, is InvalidParameter.
func (c *Company) Compare(ctx context.Context, q CompareQuestion) (*CompareAnswer, error) {
	this, other, err := q.sides(c.Today())
	if err != nil {
		return nil, err
	}
	answer := &CompareAnswer{Header: c.header(this.To), Against: q.Against, Doubt: wordDoubt}
	err = c.consistently(ctx, func(snap *snapshot) error {
		answer.This, answer.Other = this, other
		pair := &pairing{snap: snap, this: &answer.This, other: &answer.Other}
		if err := pair.check(); err != nil {
			return err
		}
		if err := c.fillIn(ctx, pair); err != nil {
			return err
		}
		answer.Figures = pair.figures()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// pairing is two sides on their way to be compared.
type pairing struct {
	snap        *snapshot
	this, other *CompareSide
	members     [2]string // the units in a rest group, of this and of other
}

// check is NotFound where a side names what is not known; of the other side it was against that named it.
func (p *pairing) check() error {
	for _, side := range []*CompareSide{p.this, p.other} {
		_, err := p.snap.place(side.Unit)
		field := "unit"
		if err == nil {
			err, field = p.snap.hasTool(side.Tool), "tool"
		}
		if err == nil {
			continue
		}
		if side == p.other {
			field = "against"
		}
		return &adoption.Error{Code: adoption.NotFound, Field: field, Message: adoption.Public(err).Message}
	}
	return nil
}

// fillIn reads the rows of both sides at once. A rest is read with the children that it stands for, so that it can be
// told who is in it.
func (c *Company) fillIn(ctx context.Context, p *pairing) error {
	sides := []*CompareSide{p.this, p.other}
	var units []string
	var in inquiry
	for _, side := range sides {
		at, err := p.snap.place(side.Unit)
		if err != nil {
			return err
		}
		units = append(units, p.snap.tree.nodes[at.node].unit.ID)
		in.children = in.children || at.rest
		in.tools = append(in.tools, side.Tool)
		in.ends = append(in.ends, adoption.PeriodEnd{Date: side.To})
	}
	units = slices.Compact(units)
	in.unit, in.beside = units[0], units[1:]
	in.tools, in.ends = slices.Compact(in.tools), slices.Compact(in.ends)
	rows, err := c.rows(ctx, p.snap, in)
	if err != nil {
		return err
	}
	for i, side := range sides {
		p.members[i] = side.take(rows)
	}
	if at, _ := p.snap.place(p.this.Unit); at.rest && p.this.Row == nil && p.snap.days[p.this.To] {
		return noRest(p.this.Unit)
	}
	return nil
}

// take finds a side's own row among those read, and tells which units are in it where it is a rest.
func (side *CompareSide) take(rows []AdoptionRow) (members string) {
	for _, row := range rows {
		switch {
		case row.Date != side.To || row.Tool != side.Tool:
		case row.Unit == side.Unit:
			side.Row = &row
		case row.ShownIn == side.Unit:
			members += row.Unit + "\x00"
		}
	}
	return members
}

// figures compares every figure of the two rows.
func (p *pairing) figures() []ComparedFigure {
	list := make([]ComparedFigure, 0, len(comparedKinds))
	for _, kind := range comparedKinds {
		f := ComparedFigure{Key: kind.key, Measure: kind.measure}
		if p.this.Row != nil {
			f.This = kind.value(*p.this.Row)
		}
		if p.other.Row != nil {
			f.Other = kind.value(*p.other.Row)
		}
		if f.Missing = p.missing(kind, f); f.Missing == "" {
			f.Difference = change(f.This, f.Other)
			if chance, known := kind.chance(*p.this.Row, *p.other.Row); known {
				beyond := chance < wordDoubt
				f.P, f.BeyondChance = &chance, &beyond
			}
		}
		list = append(list, f)
	}
	return list
}

// missing is why a figure is not compared: first what lies in the question, then in the rows, then in the data behind.
func (p *pairing) missing(kind comparedKind, f ComparedFigure) Missing {
	if p.this.Row == nil || p.other.Row == nil {
		return MissingNoData
	}
	if why := kind.apart(p.this.To, p.other.To); why != "" {
		return why
	}
	for _, side := range []struct {
		row   *AdoptionRow
		value *float64
	}{{p.this.Row, f.This}, {p.other.Row, f.Other}} {
		switch {
		case side.value == nil && (side.row.Suppressed || kind.key == keyOthers):
			return MissingHidden
		case side.value == nil:
			return MissingNothing
		case kind.key == keyActions && side.row.ToolsLeftOut > 0:
			return MissingHidden // a sum over other tools than on the other side
		}
	}
	if p.this.Unit == p.other.Unit && p.members[0] != p.members[1] {
		return MissingChanged
	}
	if why := p.unlikeData(); why != "" {
		return why
	}
	if p.this.Row.Trust.GapDays+p.other.Row.Trust.GapDays > 0 {
		return MissingGap
	}
	return ""
}

// unlikeData is why the sides were not fed by the same data. Two units on one day and in one tool always were. Else no
// source of the tools may have begun inside the windows, and at least one must have been there before.
func (p *pairing) unlikeData() Missing {
	if p.this.Tool == p.other.Tool && p.this.To == p.other.To {
		return ""
	}
	first, last := min(p.this.To, p.other.To)-WindowDays+1, max(p.this.To, p.other.To)
	for _, tool := range []string{p.this.Tool, p.other.Tool} {
		fed, began := false, false
		for _, source := range p.snap.sources(tool) {
			day := p.snap.firstDay(source)
			fed = fed || day <= first
			began = began || day > first && day <= last
		}
		switch {
		case !fed:
			return MissingNoData
		case began:
			return MissingNewSource
		}
	}
	return ""
}
