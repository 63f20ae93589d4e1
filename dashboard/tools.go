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
	Path                   []link // back to the unit, where it is not the company
	Of                     string // whose use it is
	Tools                  []toolView
	Facts                  []toolFacts
}

// toolFacts is what is known of a tool beside its figures.
type toolFacts struct{ Name, What, Seats, Sources, First, Last string }

func (s *Dashboard) toolsPage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	f, err := d.readFilter(c)
	if err != nil {
		d.failFilter(c, err)
		return
	}
	f.Tool = "" // all of them
	ps := d.parts(c.Request.Context())
	answer := get(ps, "figures of tools", func(ctx context.Context) (*query.UnitPageAnswer, error) {
		return askUnit(ctx, company, f.whose(), f)
	})
	tools := get(ps, "tools", company.Tools)
	ps.wait()
	p := d.pageOf(c, d.words.text("tools.head"), "tools")
	if answer.err != nil && adoption.CodeOf(answer.err) != adoption.Internal {
		d.fail(c, answer.err)
		return
	}
	view := toolsView{Failed: answer.Failed + tools.Failed}
	if view.Failed == "" {
		view = d.toolsView(answer.View, tools.View, f)
		p.Filter = d.filterView(c, f, nil, &answer.View.Page)
		p.Filter.Before = nil // nothing of it is compared
		p.Filter.keep("compare", string(f.Against))
	}
	d.render(c, http.StatusOK, "tools.html", p, view)
}

func (d *reader) toolsView(a *query.UnitPageAnswer, tools *query.ToolsAnswer, f filter) toolsView {
	v := toolsView{Answer: d.words.text("tools.none"), Period: d.words.text("tools.period", "from", d.date(a.Date-query.WindowDays+1), "to", d.date(a.Date))}
	if a.Unit.ID != adoption.Company {
		v.Of, v.Path = a.Unit.Name, []link{{a.Unit.Name, f.unitAddress(a.Unit.ID)}}
	}
	v.Tools = d.toolViews(a.Unit.ID, a.Tools, f, a.MinGroup)
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

// toolPage is the use of one tool, by the company or the unit that the address names.
func (s *Dashboard) toolPage(c *gin.Context) { s.reader(c).showUnit(c, s.carriedFilter(c).whose()) }
