package dashboard

import (
	"html/template"
	"math"
	"strconv"
	"time"

	"uptake/dashboard/chart"
	"uptake/query"
	"uptake/value/worth"
)

// versionWords names the assumptions that figures stand on.
func (d *reader) versionWords(version uint64, author string, at *time.Time) string {
	if at == nil {
		return d.words.text("value.version.start")
	}
	return d.words.text("value.version.published", "version", version, "author", author, "time", d.clock(*at, d.zone()))
}

// tornadoView is which input moves a figure most.
type tornadoView struct {
	Lead, Missing string
	Wide, Narrow  template.HTML
	Rows          []swingRow
	Choices       []choiceLink // of figures
}

type choiceLink struct {
	link
	Chosen bool
}

type swingRow struct{ Name, Path, Low, High, AtLow, AtHigh, Change string }

// swingsShown is how many inputs are drawn: the others hardly move the figure.
const swingsShown = 10

// tornadoFigures are the figures that can be chosen above the tornado.
var tornadoFigures = []string{"combined.npv", "npv", "net_cash", "net_capacity", "hours"}

func (d *reader) tornadoView(a *query.TornadoAnswer, currency string, asked valueChoice, n names) tornadoView {
	t := a.Tornado
	m := measureOf(t.Figure)
	var v tornadoView
	for _, figure := range tornadoFigures {
		values := asked.values()
		values.Set("figure", figure)
		v.Choices = append(v.Choices, choiceLink{link{d.words.text("value.figure." + figure), "/value?" + values.Encode() + "#tornado"}, figure == t.Figure})
	}
	if t.Likely == nil || len(t.Bars) == 0 {
		v.Missing = firstText(d.told(t.Why), d.words.text("value.tornado.nothing"))
		return v
	}
	v.Lead = d.words.text("value.tornado.first", "input", d.inputName(t.Bars[0].Path, n), "figure", d.words.text("value.figure."+t.Figure))
	c := chart.Tornado{Meta: chart.Meta{ID: "tn", Title: d.words.text("value.tornado.title"), Desc: v.Lead}, Base: *t.Likely, BaseText: d.worthText(*t.Likely, m, currency)}
	end := func(x *float64) (float64, string) {
		if x == nil {
			return math.NaN(), d.words.text("value.missing.never")
		}
		return *x, d.worthText(*x, m, currency)
	}
	for _, b := range t.Bars[:min(len(t.Bars), swingsShown)] {
		low, lowText := end(b.AtLow)
		high, highText := end(b.AtHigh)
		r := swingRow{Name: d.inputName(b.Path, n), Path: b.Path, Low: d.plain(b.Low), High: d.plain(b.High), AtLow: lowText, AtHigh: highText, Change: d.worthText(math.Abs(b.Change), m, currency)}
		v.Rows = append(v.Rows, r)
		c.Swings = append(c.Swings, chart.Swing{Label: r.Name, Text: d.words.text("value.tornado.swing", "low", r.Low, "high", r.High, "at_low", lowText, "at_high", highText),
			LowText: r.Low, HighText: r.High, AtLow: low, AtHigh: high})
	}
	c.Width, c.LabelWidth = 1120, 360
	v.Wide = c.SVG()
	c.ID, c.Width, c.LabelWidth = "tnn", 358, 0
	v.Narrow = c.SVG()
	return v
}

// plain writes an input's amount: as many digits as it was entered with, four after the point at most.
func (d *reader) plain(v float64) string {
	for digits := range 4 {
		if p := math.Pow10(digits); math.Abs(math.Round(v*p)/p-v) < 1e-9 {
			return d.decimal(v, digits)
		}
	}
	return d.decimal(v, 4)
}

// breakEvenView is from where on each tool is worth its money.
type breakEvenView struct{ Rows []evenRow }

type evenRow struct {
	Tool                     string
	Needed, Saved, Reach, At estimate
	Now                      string
	Range                    template.HTML
}

func (d *reader) breakEvenView(a *query.BreakEvenAnswer, n names) breakEvenView {
	var v breakEvenView
	for i, b := range a.BreakEvens {
		r := evenRow{Tool: n.tool(b.Tool), Needed: d.estimateOf(&b.Minutes, inMinutes, "", 0), Saved: d.estimateOf(&b.Saved, inMinutes, "", 0),
			Reach: d.estimateOf(&b.Reach, inShare, "", 0), At: d.estimateOf(&b.Adoption, inShare, "", 0)}
		c := chart.Range{Meta: chart.Meta{ID: "be" + strconv.Itoa(i), Title: d.words.text("value.even.title", "tool", r.Tool)}, Span: spanOf(&b.Adoption), Extent: chart.Extent{High: 1},
			Note: d.words.text("missing.no_data"), Width: 208, Height: 24}
		c.Text = firstText(r.At.Missing, r.At.P50+" ("+r.At.Range+")")
		if b.Now != nil {
			r.Now = d.percent(*b.Now, 0)
			c.Mark = b.Now
		}
		r.Range = c.SVG()
		v.Rows = append(v.Rows, r)
	}
	return v
}

// timeView is what the time in the tools cost beside what came of it.
type timeView struct {
	Verdict, Class, Hours string
	Rows                  []timeRow
	Sign                  estimate
	Wide, Narrow          template.HTML // where the sign changes
}

type timeRow struct {
	Name string
	estimate
	Picture template.HTML
	Sum     bool
}

func (d *reader) timeView(a *query.TimeAnswer, currency string) timeView {
	t := a.Time
	v := timeView{Hours: d.words.text("value.time.hours", "hours", d.compact(t.Hours)), Sign: d.estimateOf(&t.SignChanges, inTimes, "", 0)}
	v.Verdict, v.Class = d.timeVerdict(&t)
	lines := []struct {
		key    string
		f      *worth.Figure
		better int
	}{{"spent", &t.TimeCost, 0}, {"came_of_it", &t.CameOfIt, 0}, {"net_cash", &t.NetCash, 1}, {"work", &t.Work, 0}, {"sum", &t.Sum, 1}}
	var all []*worth.Figure
	for _, l := range lines {
		all = append(all, l.f)
	}
	scale := extentOf(all...)
	for _, l := range lines {
		r := timeRow{Name: d.words.text("value.time." + l.key), estimate: d.estimateOf(l.f, inMoney, currency, l.better), Sum: l.key == "sum"}
		r.Picture = d.rangeOf("tm-"+l.key, r.Name, l.f, r.estimate, scale)
		v.Rows = append(v.Rows, r)
	}
	v.Wide, v.Narrow = d.crossing(&t, currency, v.Sign)
	return v
}

// timeVerdict says whether what came of it was worth the time: it can say that it was not.
func (d *reader) timeVerdict(t *worth.Unproductive) (words, class string) {
	if t.Verdict == "" {
		return d.words.text("value.verdict.unknown", "why", firstText(d.told(t.Sum.Why), d.words.text("missing.no_data"))), ""
	}
	return d.words.text("value.time.verdict." + t.Verdict), map[string]string{worth.WorthIt: "good", worth.NotWorthIt: "bad"}[t.Verdict]
}

// crossing draws the sum over multiples of the minutes that are assumed: with none of them saved it is what came of it less,
// and each multiple adds what came of it once more.
func (d *reader) crossing(t *worth.Unproductive, currency string, sign estimate) (wide, narrow template.HTML) {
	if t.Sum.Likely == nil || t.CameOfIt.Likely == nil {
		return "", ""
	}
	span := spanOf(&t.SignChanges)
	to := 2.0
	if span.State == chart.Known {
		to = math.Ceil(max(to, min(span.High*1.1, 100)))
	}
	none := *t.Sum.Likely - *t.CameOfIt.Likely
	c := chart.Crossing{Meta: chart.Meta{ID: "x", Title: d.words.text("value.time.crossing")}, To: to, AtFrom: none, AtTo: none + to**t.CameOfIt.Likely, Band: span,
		BandText: firstText(sign.Missing, d.words.text("value.time.band", "range", sign.Range, "p50", sign.P50)), Mark: 1, MarkText: d.words.text("value.time.assumed"),
		Axis: func(x float64) string { return d.plain(x) + "×" }, Sum: func(x float64) string { return d.compact(x) }, Width: 720, Height: 240}
	wide = c.SVG()
	c.ID, c.Width, c.Height = "xn", 358, 220
	return wide, c.SVG()
}

// scenariosView is what would be if.
type scenariosView struct {
	Rows  []scenarioRow
	Saved []savedScenario
	Form  *scenarioForm // nil for who may not save any
}

type scenarioRow struct {
	Name, Adoption, Missing string
	NPV, Difference         estimate
	Range                   template.HTML
}

func (d *reader) scenariosView(a *query.ScenariosAnswer, n names) scenariosView {
	v := scenariosView{Saved: d.savedScenarios(a.Saved, n)}
	var all []*worth.Figure
	for _, s := range a.Scenarios {
		if s.Value != nil {
			all = append(all, &s.Value.Combined.NPV)
		}
	}
	scale := extentOf(all...)
	for i, s := range a.Scenarios {
		r := scenarioRow{Name: d.words.text("value.scenario." + s.Name), Missing: d.told(s.Why)}
		if s.Adoption != nil {
			r.Adoption = d.percent(*s.Adoption, 0)
		}
		if s.Value != nil {
			f := &s.Value.Combined.NPV
			r.NPV = d.estimateOf(f, inMoney, s.Value.Currency, 1)
			r.Range = d.rangeOf("s"+strconv.Itoa(i), r.Name, f, r.NPV, scale)
			if i > 0 {
				r.Difference = d.estimateOf(s.Difference, inMoney, s.Value.Currency, 1)
			}
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}
