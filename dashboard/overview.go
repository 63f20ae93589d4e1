package dashboard

import (
	"context"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
	"uptake/value/target"
)

// headView is what the overview and a unit's page begin with.
type headView struct {
	Path      []link // from the company down to the parent; none on the overview
	Name      string
	Of        string // whose figures these are, where the sentence does not say it
	Answer    string
	Period    string
	Cautions  []sentenceView
	Hidden    bool   // the unit is too small to be shown
	Group     *link  // the group that it is shown in, where there is one
	Known     string // how many of the active people the directory knows
	Figures   []figureView
	Ranking   []rankView
	MoreUnits string // how many the ranking leaves out, in words
	RankTitle string
	RankLead  string
	Decisions []decisionView
}

type link struct{ Name, Href string }

// unitView is the body of the overview and of a unit's page: the same order on both.
type unitView struct {
	Head     *part[headView]
	Course   *part[coursesView]
	Worth    *worthLine // nil where nothing is known of it
	Pack     string     // the address of the report
	Tools    []toolView
	Pyramid  pyramidView
	Missing  *missingView // the directory is missing: what that means and what to do
	Company  bool
	ToolName string
	AllTools bool
}

// coursesView is what is drawn from a year of closed weeks.
type coursesView struct {
	Head      string // which weeks they are of
	Year      courseView
	Lifecycle lifecycleView
}

func (s *Dashboard) overviewPage(c *gin.Context) { s.reader(c).showUnit(c, adoption.Company) }

func (s *Dashboard) unitPage(c *gin.Context) {
	d := s.reader(c)
	unit := c.Param("unit")
	if unit == adoption.Company {
		c.Redirect(http.StatusSeeOther, s.carriedFilter(c).unitAddress(unit))
		return
	}
	d.showUnit(c, unit)
}

// showUnit draws the page of a unit, or of the company. The page's head must be had, for it says whether the unit
// exists; every other section may fail for itself.
func (d *reader) showUnit(c *gin.Context, unit string) {
	company := d.cfg.Company()
	f, err := d.readFilter(c)
	if err != nil {
		d.failFilter(c, err)
		return
	}
	ps := d.parts(c.Request.Context())
	answer := get(ps, "page", func(ctx context.Context) (*query.UnitPageAnswer, error) { return askUnit(ctx, company, unit, f) })
	tools := get(ps, "tools", company.Tools)
	year := get(ps, "year", func(ctx context.Context) (yearAnswer, error) { return askYear(ctx, company, unit, f) })
	value := get(ps, "value", func(ctx context.Context) (*query.ValueAnswer, error) {
		return company.Value(ctx, f.valueQuestion(unit))
	})
	ps.wait()
	if answer.err != nil && adoption.CodeOf(answer.err) != adoption.Internal {
		d.fail(c, answer.err)
		return
	}
	if answer.err == nil && answer.View.State == query.StateEmpty {
		d.showStart(c, company)
		return
	}
	d.showFigures(c, company, f, shown{unit, answer, year, value, tools.View})
}

func askUnit(ctx context.Context, company *query.Company, unit string, f filter) (*query.UnitPageAnswer, error) {
	return company.UnitPage(ctx, query.UnitQuestion{Unit: unit, Tool: f.Tool, To: f.To, Against: f.Against})
}

// shown is everything that a unit's page is drawn from.
type shown struct {
	unit   string
	answer *part[*query.UnitPageAnswer]
	year   *part[yearAnswer]
	value  *part[*query.ValueAnswer]
	tools  *query.ToolsAnswer // nil where they could not be had
}

func (d *reader) showFigures(c *gin.Context, company *query.Company, f filter, s shown) {
	view := unitView{Company: s.unit == adoption.Company, AllTools: f.Tool == "", Head: &part[headView]{Failed: s.answer.Failed}, Course: &part[coursesView]{Failed: s.year.Failed}}
	p := d.pageOf(c, d.words.text("overview.title"), "overview")
	if !view.Company {
		p = d.pageOf(c, s.unit, "units")
	}
	if s.answer.Failed == "" {
		a := s.answer.View
		if s.year.Failed == "" {
			view.Course.View = d.coursesView(&a.Page, s.year.View, company.Today())
		}
		view.Head.View = d.headView(a, f)
		view.Tools = d.toolViews(s.unit, a.Tools, f, a.MinGroup)
		view.Pyramid = d.pyramidView("p", a.Now, a.MinGroup)
		view.ToolName = a.Tool.Name
		if view.Company && a.Now != nil && a.Now.Headcount == 0 {
			view.Missing = d.missingView(a)
		}
		if !view.Company {
			p.Title = a.Unit.Name
		}
		p.Filter = d.filterView(c, f, s.tools, &a.Page)
		if s.value.Failed == "" && a.State == query.StateReady {
			view.Worth = d.worthLine(s.value.View, f, !p.Limited)
		}
		if !p.Limited {
			view.Pack = f.reportAddress(s.unit)
		}
	}
	if tool := c.Param("tool"); tool != "" { // the page of the tool
		bar := p.Filter
		if p = d.pageOf(c, firstText(view.ToolName, tool), "tools"); bar != nil {
			bar.Tools = nil
			p.Filter = bar
		}
	}
	d.render(c, http.StatusOK, "unit.html", p, view)
}

// yearAnswer is a year of closed weeks, with its question, and the targets that it is held against.
type yearAnswer struct {
	question query.AdoptionQuestion
	answer   *query.AdoptionAnswer
	events   []query.Event // what was done meanwhile
	targets  []query.TargetAnswer
}

func askYear(ctx context.Context, company *query.Company, unit string, f filter) (yearAnswer, error) {
	q := yearOf(unit, f, company.Today())
	answer, err := company.Adoption(ctx, q)
	if err != nil {
		return yearAnswer{}, err
	}
	events, err := company.Events(ctx, query.EventsQuestion{Unit: q.Unit, Tool: q.Tool, From: q.From - 6, To: q.To})
	if err != nil {
		return yearAnswer{}, err
	}
	targets, err := company.Targets(ctx, query.TargetsQuestion{Unit: unit, Tool: q.Tool, Measure: target.Adoption})
	if err != nil {
		return yearAnswer{}, err
	}
	return yearAnswer{q, answer, events, targets.Targets}, nil
}

// coursesView draws a year of closed weeks.
func (d *reader) coursesView(p *query.Page, year yearAnswer, today adoption.Day) coursesView {
	ends, rows := weekly(year.question, year.answer.Rows, today)
	head := d.words.text("course.head")
	if q := year.question; q.To-q.From != 7*courseWeeks-1 {
		head = d.words.text("course.head_period", "from", d.date(q.From), "to", d.date(q.To))
	}
	return coursesView{Head: head, Year: d.courseView("y", p.Unit.Name, ends, rows, year, p.MinGroup), Lifecycle: d.lifecycleView("l", p.Unit.Name, ends, rows, p.MinGroup)}
}

func (d *reader) headView(a *query.UnitPageAnswer, f filter) headView {
	p := &a.Page
	v := headView{Name: p.Unit.Name, Answer: d.say(p.Answer.Said), Cautions: d.sayAll(p.Cautions),
		Period:  d.period(p, f),
		Figures: d.figureViews(p, f), Ranking: d.rankViews(p, f), Decisions: d.decisionViews(p, f)}
	v.Hidden = p.State == query.StateHidden
	if p.Now != nil && p.Now.ShownIn != "" {
		v.Group = &link{d.words.text("unit.group"), f.unitAddress(p.Now.ShownIn)}
	}
	if p.Now != nil && p.Now.Trust.Coverage != nil {
		v.Known = d.words.text("answer.known", "share", d.percent(*p.Now.Trust.Coverage, 0))
	}
	for _, step := range a.Path {
		v.Path = append(v.Path, link{step.Name, f.unitAddress(step.ID)})
	}
	if more := len(p.Ranking) - len(v.Ranking); more > 0 {
		v.MoreUnits = d.words.text("ranking.more", "n", count(d.locale, more))
	}
	v.RankTitle, v.RankLead = d.words.text("ranking.title"), d.words.text("ranking.lead")
	if p.Unit.ID != adoption.Company {
		v.RankTitle, v.RankLead = d.words.text("ranking.title_unit", "unit", p.Unit.Name), d.words.text("ranking.lead_unit", "unit", p.Unit.Name)
	}
	grey := "ranking.none." // not one line has an earlier bar
	if slices.ContainsFunc(p.Ranking, func(r query.Ranked) bool { return r.Change != nil }) {
		grey = "ranking.grey."
	}
	v.RankLead += " " + d.words.text(grey+string(p.Against))
	return v
}

// period says which days a page is about, and which it sets beside them; of a longer period, what of the page covers it whole.
func (d *reader) period(p *query.Page, f filter) string {
	words := d.words.text("answer.period."+string(p.Against), "from", d.date(p.Date-query.WindowDays+1), "to", d.date(p.Date),
		"then_from", d.date(p.Previous-query.WindowDays+1), "then_to", d.date(p.Previous))
	if f.From != 0 && f.To-f.From+1 != query.WindowDays {
		words += " " + d.words.text("answer.whole", "from", d.date(f.From), "to", d.date(f.To))
	}
	return words
}
