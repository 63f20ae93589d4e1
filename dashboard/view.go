package dashboard

import (
	"html/template"
	"math"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
)

// figureView is one figure as the page shows it.
type figureView struct {
	Key, Name, Href   string
	Value, Unit       string // "" and "" where there is none
	Missing           string // then: why, in words
	Hidden            bool
	Change, Direction string // the change in words; "good", "bad" or ""
	Basis             string // what the change is measured against
	Spark             template.HTML
	Denominator       string
	Until             string
	Grade             string
}

// sentenceView is a caution in plain words.
type sentenceView = query.Sentence

// amount writes a value in its measure: the number and its unit apart.
func (d *reader) amount(v float64, m query.Measure) (number, unit string) {
	switch m {
	case query.Share:
		return d.decimal(v*100, 1), "%"
	case query.Score:
		return d.decimal(v, 1), d.words.text("unit.score")
	default:
		return d.compact(v), d.words.text("unit.people", "n", int(v))
	}
}

// change writes a difference with its sign and says in a word whether it is good: never by colour alone.
func (d *reader) change(v float64, m query.Measure, better int) (words, direction string) {
	switch m {
	case query.Share:
		words = d.words.text("change.points", "v", d.signed(v*100, 1))
	case query.Score:
		words = d.words.text("change.score", "v", d.signed(v, 1))
	default:
		words = d.signed(v, 0)
	}
	verdict, class := d.direction(v, m, better)
	if verdict != "" {
		words += " · " + verdict
	}
	return words, class
}

// direction is the word and the class of a change. A change that the page writes as zero is none.
func (d *reader) direction(v float64, m query.Measure, better int) (word, class string) {
	shown := d.signed(v, 0)
	switch m {
	case query.Share:
		shown = d.signed(v*100, 1)
	case query.Score:
		shown = d.signed(v, 1)
	}
	switch {
	case shown[0] != '+' && shown[:len(minus)] != minus:
		return d.words.text("change.none"), ""
	case better == 0:
		return "", ""
	case (v > 0) == (better > 0):
		return d.words.text("change.better"), "good"
	default:
		return d.words.text("change.worse"), "bad"
	}
}

// missing says why there is no value.
func (d *reader) missing(why query.Missing, minGroup int) (words string, hidden bool) {
	switch why {
	case query.MissingHidden:
		return d.words.text("missing.hidden", "k", minGroup), true
	case query.MissingNothing:
		return d.words.text("missing.nobody"), false
	default:
		return d.words.text("missing.no_data"), false
	}
}

func (d *reader) figureViews(p *query.Page, f filter) []figureView {
	views := make([]figureView, 0, len(p.Figures))
	for _, figure := range p.Figures {
		views = append(views, d.figureView(p, figure, f))
	}
	return views
}

func (d *reader) figureView(p *query.Page, figure query.Figure, f filter) figureView {
	v := figureView{Key: figure.Key, Name: d.say(figure.Said.Name), Href: f.figureAddress(p.Unit.ID, figure.Key),
		Denominator: d.say(figure.Said.Denominator), Grade: figure.Grade,
		Until: d.words.text("figure.until", "date", d.date(adoption.DayOf(figure.DataUntil, figure.DataUntil.Location())))}
	if figure.Value == nil {
		v.Denominator = "" // it would speak of a number that is not shown
		v.Missing, v.Hidden = d.missing(figure.Missing, p.MinGroup)
		if v.Hidden && p.Now != nil && p.Now.Suppressed {
			v.Missing = d.hidden(p.Now.Enabled, p.MinGroup)
		}
	} else {
		v.Value, v.Unit = d.amount(*figure.Value, figure.Measure)
	}
	switch {
	case figure.Change != nil:
		v.Change, v.Direction = d.change(*figure.Change, figure.Measure, judged(p, figure))
		v.Basis = d.words.text("figure.basis." + string(p.Against))
	case figure.Value != nil && figure.Gone == query.MissingHidden:
		v.Basis = d.words.text("figure.hidden_basis." + string(p.Against))
	case figure.Value != nil:
		v.Basis = d.words.text("figure.no_basis." + string(p.Against))
	}
	points := d.points(figure.Trend, figure.Measure, p)
	if noneKnown(points) {
		return v
	}
	v.Spark = chart.Spark{Meta: chart.Meta{ID: "f-" + figure.Key, Title: d.words.text("figure.trend", "name", v.Name)},
		Points: points, Max: chart.Highest(points) * 1.1, Width: 176, Height: 40}.SVG()
	return v
}

// judged is which way of the figure is better, or 0 where its change is not to be called good or bad: the page's own
// sentence, which knows of missing data, new sources and chance, does not say that anything rose or fell; or the
// change is under a point.
func judged(p *query.Page, figure query.Figure) int {
	small := 0.01
	switch figure.Measure {
	case query.Score:
		small = 1
	case query.People:
		small = 0
	}
	moved := p.Answer.Rule == "rose" || p.Answer.Rule == "fell"
	if !moved || math.Abs(*figure.Change) < small {
		return 0
	}
	return figure.Better
}

// points turns a trend of the query into one that can be drawn.
func (d *reader) points(trend []query.Point, m query.Measure, p *query.Page) []chart.Point {
	points := make([]chart.Point, len(trend))
	for i, t := range trend {
		points[i] = chart.Point{Label: d.date(t.Date), Running: p.Running && t.Date == p.Date}
		if t.Value == nil {
			points[i].State = chart.NoData
			if t.Missing == query.MissingHidden {
				points[i].State = chart.Hidden
			}
			points[i].Text, _ = d.missing(t.Missing, p.MinGroup)
			continue
		}
		points[i].Value = *t.Value
		points[i].Text = d.amountText(*t.Value, m)
		points[i].Short = points[i].Text
		if m != query.Share {
			points[i].Short, _ = d.amount(*t.Value, m)
		}
	}
	return points
}

// hidden says why a group of that many people is not shown: it is too small itself, or it protects one that is.
func (d *reader) hidden(people uint64, minGroup int) string {
	if people >= uint64(max(minGroup, 0)) {
		return d.words.text("missing.protects")
	}
	return d.words.text("missing.hidden", "k", minGroup)
}

func noneKnown(points []chart.Point) bool {
	for _, p := range points {
		if p.State == chart.Known {
			return false
		}
	}
	return true
}

// amountText is a value with its unit, as one text.
func (d *reader) amountText(v float64, m query.Measure) string {
	number, unit := d.amount(v, m)
	return number + nbsp + unit
}
