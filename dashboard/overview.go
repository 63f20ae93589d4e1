package dashboard

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
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
	RankTitle string
	RankLead  string
	Decisions []decisionView
}

type link struct{ Name, Href string }

// unitView is the body of the overview and of a unit's page: the same order on both.
type unitView struct {
	Head      *part[headView]
	Course    *part[coursesView]
	Tools     []toolView
	Pyramid   pyramidView
	Missing   *missingView // the directory is missing: what that means and what to do
	Company   bool
	ToolName  string
	AllTools  bool
	Address   string
	MinGroup  int
	Directory bool
}

// coursesView is what is drawn from a year of closed weeks.
type coursesView struct {
	Year      courseView
	Lifecycle lifecycleView
}

func (d *Dashboard) overviewPage(c *gin.Context) { d.showUnit(c, adoption.Company) }

func (d *Dashboard) unitPage(c *gin.Context) {
	unit := c.Param("unit")
	if unit == adoption.Company {
		c.Redirect(http.StatusSeeOther, "/"+filterQuery(c.Query("tool"), c.Query("to")))
		return
	}
	d.showUnit(c, unit)
}

// showUnit draws the page of a unit, or of the company. The page's head must be had, for it says whether the unit
// exists; every other section may fail for itself.
func (d *Dashboard) showUnit(c *gin.Context, unit string) {
	company := d.cfg.Company()
	f, err := readFilter(c, company.Today())
	if err != nil {
		d.fail(c, err)
		return
	}
	ps := d.parts(c.Request.Context())
	answer := get(ps, "page", func(ctx context.Context) (*query.UnitPageAnswer, error) { return askUnit(ctx, company, unit, f) })
	tools := get(ps, "tools", company.Tools)
	ps.wait()
	if answer.err != nil && adoption.CodeOf(answer.err) != adoption.Internal {
		d.fail(c, answer.err)
		return
	}
	if answer.err == nil && answer.View.State == query.StateEmpty {
		d.showStart(c, company)
		return
	}
	d.showFigures(c, company, unit, f, answer, tools.View)
}

func askUnit(ctx context.Context, company *query.Company, unit string, f filter) (*query.UnitPageAnswer, error) {
	return company.UnitPage(ctx, query.UnitQuestion{Unit: unit, Tool: f.Tool, To: f.To})
}

func (d *Dashboard) showFigures(c *gin.Context, company *query.Company, unit string, f filter, answer *part[*query.UnitPageAnswer], tools *query.ToolsAnswer) {
	view := unitView{Company: unit == adoption.Company, AllTools: f.Tool == "", MinGroup: company.MinGroup, Head: &part[headView]{Failed: answer.Failed}, Course: &part[coursesView]{}}
	p := d.pageOf(c, d.words.text("overview.title"), "overview")
	if !view.Company {
		p.Title, p.Nav = unit, "units"
	}
	if answer.Failed == "" {
		a := answer.View
		ps := d.parts(c.Request.Context())
		view.Course = get(ps, "course", func(ctx context.Context) (coursesView, error) { return d.askCourses(ctx, company, &a.Page, f) })
		ps.wait()
		view.Head.View = d.headView(a, f)
		view.Tools = d.toolViews(unit, a.Tools, f, a.MinGroup)
		view.Pyramid = d.pyramidView("p", a.Now, a.MinGroup)
		view.ToolName = a.Tool.Name
		if view.Company && a.Now != nil && a.Now.Headcount == 0 {
			view.Missing = d.missingView(a)
		}
		if !view.Company {
			p.Title = a.Unit.Name
		}
		p.Filter = d.filterView(c.Request.URL.Path, f, tools, &a.Page, company)
	}
	d.render(c, http.StatusOK, "unit.html", p, view)
}

// askCourses asks for a year of closed weeks and draws it.
func (d *Dashboard) askCourses(ctx context.Context, company *query.Company, p *query.Page, f filter) (coursesView, error) {
	q := yearOf(p.Unit.ID, f, p.Date, company.Today())
	answer, err := company.Adoption(ctx, q)
	if err != nil {
		return coursesView{}, err
	}
	ends, rows := weekly(q, answer.Rows, company.Today())
	return coursesView{Year: d.courseView("y", p.Unit.Name, ends, rows, p.MinGroup), Lifecycle: d.lifecycleView("l", p.Unit.Name, ends, rows, p.MinGroup)}, nil
}

func (d *Dashboard) headView(a *query.UnitPageAnswer, f filter) headView {
	p := &a.Page
	v := headView{Name: p.Unit.Name, Answer: glued(p.Answer.Text), Cautions: gluedAll(p.Cautions),
		Period:  d.words.text("answer.period", "from", date(p.Date-query.WindowDays+1), "to", date(p.Date)),
		Figures: d.figureViews(p, f), Ranking: d.rankViews(p, f), Decisions: d.decisionViews(p, f)}
	v.Hidden = p.State == query.StateHidden
	if p.Now != nil && p.Now.ShownIn != "" {
		v.Group = &link{d.words.text("unit.group"), f.unitAddress(p.Now.ShownIn)}
	}
	if p.Now != nil && p.Now.Trust.Coverage != nil {
		v.Known = d.words.text("answer.known", "share", percent(*p.Now.Trust.Coverage, 0))
	}
	for _, step := range a.Path {
		v.Path = append(v.Path, link{step.Name, f.unitAddress(step.ID)})
	}
	v.RankTitle, v.RankLead = d.words.text("ranking.title"), d.words.text("ranking.lead")
	if p.Unit.ID != adoption.Company {
		v.RankTitle, v.RankLead = d.words.text("ranking.title_unit", "unit", p.Unit.Name), d.words.text("ranking.lead_unit", "unit", p.Unit.Name)
	}
	return v
}

func gluedAll(sentences []sentenceView) []sentenceView {
	out := make([]sentenceView, len(sentences))
	for i, s := range sentences {
		out[i] = sentenceView{Rule: s.Rule, Text: glued(s.Text)}
	}
	return out
}
