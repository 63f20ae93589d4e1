package dashboard

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/access"
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
	Days     []dayView // newest first
	Coverage []coverageView
	Letters  *trustLetters // nil where dead letters are not shown
	Checked  *checkedView  // nil where the page failed
	Work     *workView     // nil where nothing is under way
}

type sourceView struct {
	Name, Tools, LastEvent, LastLoad, Rejected, Unknown, Gaps, State, Quality string
	Spark                                                                     template.HTML
	Reasons                                                                   []string
	Names                                                                     *namesView // nil: every name is known
}

// namesView is what a source calls things that nobody knows.
type namesView struct {
	Title, Lead, Command, More string
	Names                      []string
}

// dayView is one day of all sources, the table of the pictures.
type dayView struct {
	Day   string
	Cells []string
}

// workView is the longer piece of work of this moment.
type workView struct {
	Text, What  string
	Done, Total int64
}

// workView says what the server is working at, how much of it is done, since when, and how long the rest takes if it goes on
// as it has gone.
func (d *reader) workView(w Work, zone *time.Location) *workView {
	if w.Total <= 0 {
		return nil
	}
	done := min(w.Done, w.Total)
	v := &workView{What: d.words.text("work." + w.What), Done: done, Total: w.Total}
	since := d.clock(w.Since, zone)
	v.Text = d.words.text("work.text", "what", v.What, "share", d.percent(float64(done)/float64(w.Total), 0), "since", since)
	if w.What == FiguresWork {
		v.Text = d.words.text("work.days", "what", v.What, "n", count(d.locale, done), "all", count(d.locale, w.Total), "since", since)
	}
	if gone := d.cfg.Now().Sub(w.Since); done > 0 && done < w.Total && gone > 0 {
		rest := time.Duration(float64(gone) * float64(w.Total-done) / float64(done))
		v.Text += " " + d.words.text("work.left", "n", int(rest/time.Minute)+1)
	}
	return v
}

type coverageView struct {
	Tool, Share, Missing string
	Low                  bool
	Bar                  template.HTML
}

func (s *Dashboard) trustPage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	ps := d.parts(c.Request.Context())
	answer := get(ps, "trust", company.Trust)
	tools := get(ps, "tools", company.Tools)
	letters := get(ps, "dead letters", d.countLetters)
	ps.wait()
	view := trustView{Failed: answer.Failed}
	if answer.Failed == "" {
		view = d.trustView(answer.View, toolNames(tools.View), company.Today())
	}
	if may(c, access.Operate) {
		view.Letters = d.trustLetters(letters)
	}
	view.Work = d.workView(d.cfg.Working(), company.Zone)
	d.render(c, http.StatusOK, "trust.html", d.pageOf(c, d.words.text("trust.title"), "trust"), view)
}

// toolNames are the names of tools by id; a tool that is not known goes by its id.
func toolNames(answer *query.ToolsAnswer) func(id string) string {
	names := map[string]string{}
	if answer != nil {
		for _, tool := range answer.Tools {
			names[tool.ID] = tool.Name
		}
	}
	return func(id string) string {
		if name := names[id]; name != "" {
			return name
		}
		return id
	}
}

func (d *reader) trustView(answer *query.TrustAnswer, name func(id string) string, today adoption.Day) trustView {
	zone := answer.DataUntil.Location()
	v := trustView{Until: d.clock(answer.DataUntil, zone) + " (" + answer.Timezone + ")", GapRule: d.words.text("trust.gap_rule")}
	gaps, unknown := 0, 0
	for i := range answer.Sources {
		source := d.sourceView("s-"+strconv.Itoa(i), &answer.Sources[i], name, zone, today)
		if len(answer.Sources[i].Gaps) > 0 {
			gaps++
		}
		if answer.Sources[i].UnknownEvents > 0 {
			unknown++
		}
		v.Sources = append(v.Sources, source)
	}
	v.Days = d.dayViews(answer.Sources)
	low := 0
	for i, coverage := range answer.Coverage {
		v.Coverage = append(v.Coverage, d.coverageView("c-"+strconv.Itoa(i), coverage, name))
		if coverage.Low {
			low++
		}
	}
	v.Answer = d.trustSentence(answer, gaps, low, unknown)
	v.Checked = d.checkedView(&answer.SelfCheck, name, zone)
	return v
}

// trustSentence says in one sentence what to make of it all, the gravest first.
func (d *reader) trustSentence(answer *query.TrustAnswer, gaps, low, unknown int) string {
	switch {
	case len(answer.Sources) == 0:
		return d.words.text("trust.answer.none")
	case answer.SelfCheck.FailuresTotal > 0:
		return d.words.text("trust.answer.contradictions", "n", answer.SelfCheck.FailuresTotal)
	case !answer.Settled:
		return d.words.text("trust.answer.unsettled")
	case gaps > 0 && low > 0:
		return d.words.text("trust.answer.gaps_low", "n", gaps, "all", len(answer.Sources))
	case gaps > 0:
		return d.words.text("trust.answer.gaps", "n", gaps, "all", len(answer.Sources))
	case low > 0:
		return d.words.text("trust.answer.low")
	case unknown > 0:
		return d.words.text("trust.answer.unknown", "n", unknown)
	default:
		return d.words.text("trust.answer.good", "n", len(answer.Sources))
	}
}

func (d *reader) sourceView(id string, s *query.SourceTrust, name func(string) string, zone *time.Location, today adoption.Day) sourceView {
	instant := func(t *time.Time) string {
		if t == nil {
			return d.words.text("trust.never")
		}
		return d.clock(*t, zone)
	}
	v := sourceView{Name: s.Source, Tools: strings.Join(each(s.Tools, name), ", "), LastEvent: instant(s.LastEvent), LastLoad: instant(s.LastLoad),
		Rejected: count(d.locale, s.Rejected), Unknown: count(d.locale, s.UnknownActions+s.UnknownEvents)}
	points := make([]chart.Point, len(s.Days))
	for i, day := range s.Days {
		points[i] = chart.Point{Label: d.date(day.Day), Value: float64(day.Events), Text: count(d.locale, day.Events), Running: day.Day == today}
		if day.Gap {
			points[i].State = chart.NoData
		}
	}
	v.Spark = chart.Spark{Meta: chart.Meta{ID: id, Title: d.words.text("trust.spark", "source", s.Source)}, Points: points, Max: chart.Highest(points) * 1.1, Width: 160, Height: 32}.SVG()
	v.Gaps, v.State, v.Quality = d.words.text("trust.no_gaps"), d.words.text("trust.flowing"), "good"
	if n := len(s.Gaps); n > 0 {
		v.Gaps = d.words.text("trust.gaps", "n", n, "last", d.date(s.Gaps[n-1]))
		v.State, v.Quality = d.words.text("trust.gappy"), "bad"
	}
	if s.LastEvent == nil {
		v.State, v.Quality = d.words.text("trust.nothing"), "bad"
		if s.UnknownEvents > 0 {
			v.State = d.words.text("trust.only_unknown")
		}
	}
	v.Names = d.namesView(s)
	for _, r := range s.Reasons {
		v.Reasons = append(v.Reasons, d.words.text("trust.reason", "n", count(d.locale, r.Events), "field", r.Field, "reason", r.Reason))
	}
	return v
}

func (d *reader) namesView(s *query.SourceTrust) *namesView {
	if s.UnknownEvents == 0 {
		return nil
	}
	v := &namesView{Title: d.words.text("trust.names", "source", s.Source), Lead: d.words.text("trust.names_lead", "n", count(d.locale, s.UnknownEvents), "file", s.Source+".yaml"),
		Command: "uptake source remap " + shellWord(s.Source)}
	for _, name := range s.UnknownNames {
		v.Names = append(v.Names, d.words.text("trust.name", "n", count(d.locale, name.Events), "name", name.Name))
	}
	if more := s.NamesTotal - uint64(len(s.UnknownNames)); more > 0 {
		v.More = d.words.text("trust.names_more", "n", more)
	}
	return v
}

// shellWord is a name as a shell reads it.
func shellWord(name string) string {
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == "" {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

func (d *reader) coverageView(id string, c query.ToolCoverage, name func(string) string) coverageView {
	v := coverageView{Tool: name(c.Tool), Low: c.Low}
	if c.Tool == adoption.AllTools {
		v.Tool = d.words.text("filter.all_tools")
	}
	if c.Coverage == nil {
		v.Missing = d.words.text("trust.no_coverage")
		return v
	}
	v.Share = d.percent(*c.Coverage, 0)
	v.Bar = chart.Bar{Meta: chart.Meta{ID: id, Title: d.words.text("trust.coverage_bar", "tool", v.Tool, "share", v.Share)},
		Point: chart.Point{Value: *c.Coverage}, Max: 1, Width: 160, Height: 20}.SVG()
	return v
}

// dayViews lays the days of the sources side by side. All sources tell of the same days.
func (d *reader) dayViews(sources []query.SourceTrust) []dayView {
	if len(sources) == 0 {
		return nil
	}
	var days []dayView
	for i := len(sources[0].Days) - 1; i >= 0; i-- {
		line := dayView{Day: d.date(sources[0].Days[i].Day)}
		for _, s := range sources {
			line.Cells = append(line.Cells, d.dayCell(s.Days, i))
		}
		days = append(days, line)
	}
	return days
}

func (d *reader) dayCell(days []query.SourceDay, i int) string {
	switch {
	case i >= len(days):
		return ""
	case days[i].Gap:
		return d.words.text("missing.no_data")
	case days[i].Rejected > 0:
		return d.words.text("trust.refused_of", "n", count(d.locale, days[i].Events), "refused", count(d.locale, days[i].Rejected))
	default:
		return count(d.locale, days[i].Events)
	}
}

func each[T any](list []T, f func(T) T) []T {
	out := make([]T, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}
