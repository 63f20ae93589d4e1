package dashboard

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// toolsView is the page of all tools.
type toolsView struct {
	Failed, Answer, Period string
	Tools                  []toolView
	Facts                  []toolFacts
}

// toolFacts is what is known of a tool beside its figures.
type toolFacts struct{ Name, What, Seats, Sources, First, Last string }

func (s *Dashboard) toolsPage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	f, err := readFilter(c, company.Today())
	if err != nil {
		d.fail(c, err)
		return
	}
	f.Tool = "" // all of them
	ps := d.parts(c.Request.Context())
	answer := get(ps, "figures of tools", func(ctx context.Context) (*query.UnitPageAnswer, error) {
		return askUnit(ctx, company, adoption.Company, f)
	})
	tools := get(ps, "tools", company.Tools)
	ps.wait()
	p := d.pageOf(c, d.words.text("tools.head"), "tools")
	view := toolsView{Failed: answer.Failed + tools.Failed}
	if view.Failed == "" {
		view = d.toolsView(answer.View, tools.View, f)
		p.Filter = d.filterView(c.Request.URL.Path, f, nil, &answer.View.Page, company)
		p.Filter.Before = nil // nothing of it is compared
		p.Filter.keep("compare", string(f.Against))
	}
	d.render(c, http.StatusOK, "tools.html", p, view)
}

func (d *reader) toolsView(a *query.UnitPageAnswer, tools *query.ToolsAnswer, f filter) toolsView {
	v := toolsView{Answer: d.words.text("tools.none"), Period: d.words.text("tools.period", "from", d.date(a.Date-query.WindowDays+1), "to", d.date(a.Date))}
	v.Tools = d.toolViews(adoption.Company, a.Tools, f, a.MinGroup)
	for i := range v.Tools {
		v.Tools[i].Href = toolAddress(a.Tools[i].Tool.ID, f)
	}
	if len(a.Tools) > 0 {
		v.Answer = d.words.text("tools.answer", "n", count(d.locale, len(a.Tools)))
		if most := a.Tools[0]; most.Row.Active28 != nil {
			v.Answer = d.words.text("tools.answer_most", "n", count(d.locale, len(a.Tools)), "tool", most.Tool.Name, "active", count(d.locale, *most.Row.Active28))
		}
	}
	for _, t := range tools.Tools {
		if t.ID == adoption.AllTools {
			continue
		}
		facts := toolFacts{Name: t.Name, What: strings.Trim(t.Category+" · "+t.Vendor, " ·"), Sources: strings.Join(t.Sources, ", "), First: d.words.text("trust.never"), Last: d.words.text("trust.never")}
		if t.Seats > 0 {
			facts.Seats = count(d.locale, t.Seats)
		}
		if t.FirstDay != nil && t.LastDay != nil {
			facts.First, facts.Last = d.date(*t.FirstDay), d.date(*t.LastDay)
		}
		v.Facts = append(v.Facts, facts)
	}
	return v
}

// toolPage is the company's use of one tool.
func (s *Dashboard) toolPage(c *gin.Context) { s.reader(c).showUnit(c, adoption.Company) }
