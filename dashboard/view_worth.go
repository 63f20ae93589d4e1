package dashboard

import "uptake/query"

// worthLine says on the page of a unit whether its tools pay off.
type worthLine struct {
	Text, Verdict, Class string
	Href                 string // the page of value; "" for who may not open it
}

// valueQuestion asks what a page's period was worth.
func (f filter) valueQuestion(unit string) query.ValueQuestion {
	q := query.ValueQuestion{Unit: unit, Tool: f.Tool}
	if f.To != 0 {
		from, to := f.days(f.To)
		q.From, q.To = &from, &to
	}
	return q
}

func (d *reader) worthLine(a *query.ValueAnswer, f filter, opens bool) *worthLine {
	row := rowOf(a, a.Unit, a.Tool)
	if row == nil || row.NetCapacity.P50 == nil {
		return nil
	}
	v := &worthLine{Text: d.valueAnswer(a, row, row.UnitName)}
	v.Verdict, _, v.Class = d.valueVerdict(row)
	if opens {
		v.Href = f.worthAddress("/value", a.Unit)
	}
	return v
}

// reportAddress is the board pack of a unit under the same filter.
func (f filter) reportAddress(unit string) string {
	return f.aboutUnit("/reports/board-pack.pdf", unit)
}

// worthAddress is a page of value about a unit, with its days named where they were chosen.
func (f filter) worthAddress(path, unit string) string {
	choice := valueChoice{query.ValueCaseQuestion{ValueQuestion: f.valueQuestion(unit)}, f.Against}
	return choice.address(path)
}
