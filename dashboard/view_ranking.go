package dashboard

import (
	"html/template"
	"math"
	"strconv"

	"uptake/dashboard/chart"
	"uptake/query"
)

// rankView is one line of the ranking.
type rankView struct {
	Name, Href       string // Href "" where there is nothing to open
	People           string // with access, "of" all where they differ
	Note             string // with whom a hidden unit is shown
	Rate             string // "" where there is none
	Missing          string // then: why
	Hidden           bool
	Bar, Spark       template.HTML
	Change           string
	Direction        string
	Verdict, Quality string // one word, and its class
	Gap              string
}

// rankedShown bounds the ranking: a page must stay light whatever the company. The list of all units has the others.
const rankedShown = 60

// rankViews draws the ranking; all bars are on one scale, 0 to 100 %, and so are all trends.
func (d *reader) rankViews(p *query.Page, f filter) []rankView {
	trends := make([][]chart.Point, len(p.Ranking))
	for i, r := range p.Ranking {
		trends[i] = d.points(r.Trend, query.Share, p)
	}
	high := chart.Highest(trends...)
	heads := map[string]uint64{}
	for _, r := range p.Ranking {
		heads[r.Unit.ID] = r.Head
	}
	views := make([]rankView, min(len(p.Ranking), rankedShown))
	for i := range views {
		r := p.Ranking[i]
		views[i] = d.rankView(p, r, f, "r-"+strconv.Itoa(i), trends[i], high)
		if group, shown := heads[r.ShownIn]; shown && group > r.Head {
			views[i].Note = d.words.text("ranking.shown_in", "n", count(d.locale, group-r.Head))
		}
	}
	return views
}

func (d *reader) rankView(p *query.Page, r query.Ranked, f filter, id string, trend []chart.Point, high float64) rankView {
	v := rankView{Name: r.Unit.Name, People: count(d.locale, r.Enabled)}
	if r.Head != r.Enabled {
		v.People = d.words.text("ranking.enabled_of", "n", count(d.locale, r.Enabled), "all", count(d.locale, r.Head))
	}
	if r.HasPage {
		v.Href = f.unitAddress(r.Unit.ID)
	}
	v.Verdict, v.Quality = d.verdict(r.Verdict)
	if r.Rate == nil {
		v.Missing, v.Hidden = d.missing(r.Missing, p.MinGroup)
		if v.Hidden {
			v.Missing = d.hidden(r.Enabled, p.MinGroup)
		}
		return v
	}
	v.Rate = d.percent(*r.Rate, 0)
	bar := chart.Bar{Meta: chart.Meta{ID: id + "b", Title: d.words.text("ranking.bar", "unit", r.Unit.Name, "rate", v.Rate)},
		Point: chart.Point{Value: *r.Rate}, Max: 1, Width: 128, Height: 20}
	if r.Change != nil {
		previous := *r.Rate - *r.Change
		bar.Previous = &previous
		v.Change = d.signed(*r.Change*100, 1)
		if r.Verdict == query.Rising || r.Verdict == query.Falling { // more than chance
			_, v.Direction = d.direction(*r.Change, query.Share, 1)
		}
	}
	v.Bar = bar.SVG()
	if r.Gap != nil && math.Round(*r.Gap) >= 1 {
		v.Gap = d.decimal(*r.Gap, 0)
	}
	if len(trend) > 1 {
		v.Spark = chart.Spark{Meta: chart.Meta{ID: id + "s", Title: d.words.text("ranking.trend", "unit", r.Unit.Name)},
			Points: trend, Max: max(high, 0.01), Width: 88, Height: 24}.SVG()
	}
	return v
}

// verdict is the word and the class of a verdict.
func (d *reader) verdict(v query.Verdict) (word, class string) {
	switch v {
	case query.Ahead, query.Rising:
		class = "good"
	case query.Behind, query.Falling, query.Stalled:
		class = "bad"
	default:
		class = "muted"
	}
	return d.words.text("verdict." + string(v)), class
}

// decisionView is one thing that needs a decision.
type decisionView struct{ Text, Evidence, Next, Href string }

func (d *reader) decisionViews(p *query.Page, f filter) []decisionView {
	var views []decisionView
	for _, a := range p.Attention {
		v := decisionView{Text: d.say(a.Said.Sentence), Evidence: d.say(a.Said.Words), Next: d.say(a.Said.Next), Href: f.along("/trust")}
		if !a.Trust {
			to := f
			to.Tool = a.Tool.ID
			v.Href = to.unitAddress(a.Unit.ID)
		}
		views = append(views, v)
	}
	return views
}
