package dashboard

import (
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
)

// trustView is what the data-trust page shows: how far the figures may be believed, and why.
type trustView struct {
	Failed   string
	Answer   string // one sentence
	Until    string
	GapRule  string
	Sources  []sourceView
	Coverage []coverageView
}

type sourceView struct {
	Name, Tools, LastEvent, LastLoad, Rejected, Unknown, Gaps, State, Quality string
	Spark                                                                     template.HTML
	Reasons                                                                   []string
	Days                                                                      []sourceDayView // newest first
}

type sourceDayView struct {
	Day, Events, Rejected string
	Gap                   bool
}

type coverageView struct {
	Tool, Share, Missing string
	Low                  bool
	Bar                  template.HTML
}

func (d *Dashboard) trustPage(c *gin.Context) {
	company := d.cfg.Company()
	answer, err := company.Trust(c.Request.Context())
	var view trustView
	if err != nil {
		view.Failed = d.sectionError("trust", err)
	} else {
		view = d.trustView(answer, company.Today())
	}
	d.render(c, http.StatusOK, "trust.html", d.pageOf(c, d.words.text("trust.title"), "trust"), view)
}

func (d *Dashboard) trustView(answer *query.TrustAnswer, today adoption.Day) trustView {
	zone := answer.DataUntil.Location()
	v := trustView{Until: clock(answer.DataUntil, zone) + " (" + answer.Timezone + ")", GapRule: answer.GapRule}
	gaps := 0
	for i := range answer.Sources {
		source := d.sourceView(&answer.Sources[i], zone, today)
		if len(answer.Sources[i].Gaps) > 0 {
			gaps++
		}
		v.Sources = append(v.Sources, source)
	}
	low := 0
	for _, coverage := range answer.Coverage {
		v.Coverage = append(v.Coverage, d.coverageView(coverage))
		if coverage.Low {
			low++
		}
	}
	v.Answer = d.trustSentence(answer, gaps, low)
	return v
}

// trustSentence says in one sentence what to make of it all, the gravest first.
func (d *Dashboard) trustSentence(answer *query.TrustAnswer, gaps, low int) string {
	switch {
	case len(answer.Sources) == 0:
		return d.words.text("trust.answer.none")
	case !answer.Settled:
		return d.words.text("trust.answer.unsettled")
	case gaps > 0 && low > 0:
		return d.words.text("trust.answer.gaps_low", "n", gaps, "all", len(answer.Sources))
	case gaps > 0:
		return d.words.text("trust.answer.gaps", "n", gaps, "all", len(answer.Sources))
	case low > 0:
		return d.words.text("trust.answer.low")
	default:
		return d.words.text("trust.answer.good", "n", len(answer.Sources))
	}
}

func (d *Dashboard) sourceView(s *query.SourceTrust, zone *time.Location, today adoption.Day) sourceView {
	instant := func(t *time.Time) string {
		if t == nil {
			return d.words.text("trust.never")
		}
		return clock(*t, zone)
	}
	v := sourceView{Name: s.Source, Tools: strings.Join(s.Tools, ", "), LastEvent: instant(s.LastEvent), LastLoad: instant(s.LastLoad),
		Rejected: count(s.Rejected), Unknown: count(s.UnknownActions)}
	points := make([]chart.Point, len(s.Days))
	for i, day := range s.Days {
		points[i] = chart.Point{Label: date(day.Day), Value: float64(day.Events), Text: count(day.Events), Running: day.Day == today}
		if day.Gap {
			points[i].State = chart.NoData
		}
		v.Days = append([]sourceDayView{{date(day.Day), count(day.Events), count(day.Rejected), day.Gap}}, v.Days...)
	}
	v.Spark = chart.Spark{Meta: chart.Meta{ID: "s-" + s.Source, Title: d.words.text("trust.spark", "source", s.Source)}, Points: points, Max: chart.Highest(points) * 1.1, Width: 160, Height: 32}.SVG()
	v.Gaps, v.State, v.Quality = d.words.text("trust.no_gaps"), d.words.text("trust.flowing"), "good"
	if n := len(s.Gaps); n > 0 {
		v.Gaps = d.words.text("trust.gaps", "n", n, "last", date(s.Gaps[n-1]))
		v.State, v.Quality = d.words.text("trust.gappy"), "bad"
	}
	if s.LastEvent == nil {
		v.State, v.Quality = d.words.text("trust.nothing"), "bad"
	}
	for _, r := range s.Reasons {
		v.Reasons = append(v.Reasons, d.words.text("trust.reason", "n", count(r.Events), "field", r.Field, "reason", r.Reason))
	}
	return v
}

func (d *Dashboard) coverageView(c query.ToolCoverage) coverageView {
	v := coverageView{Tool: c.Tool, Low: c.Low}
	if c.Tool == adoption.AllTools {
		v.Tool = d.words.text("filter.all_tools")
	}
	if c.Coverage == nil {
		v.Missing = d.words.text("trust.no_coverage")
		return v
	}
	v.Share = percent(*c.Coverage, 0)
	v.Bar = chart.Bar{Meta: chart.Meta{ID: "c-" + c.Tool, Title: d.words.text("trust.coverage_bar", "tool", v.Tool, "share", v.Share)},
		Point: chart.Point{Value: *c.Coverage}, Max: 1, Width: 160, Height: 20}.SVG()
	return v
}
