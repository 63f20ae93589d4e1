package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
	"uptake/query"
)

// valueChoice is what the pages about value are asked for, as it stands in the address: a link shows its receiver the
// same thing.
type valueChoice struct {
	query.ValueCaseQuestion
	Against query.Against // carried to the pages that compare; "" is the 28 days before
}

// readValueChoice reads unit, tool, from, to, assumptions, figure and compare. A field of a form that was left empty was not asked for.
func (d *Dashboard) readValueChoice(c *gin.Context) (valueChoice, error) {
	f, err := d.readFilter(c)
	if err != nil {
		return valueChoice{}, err
	}
	asked := url.Values{}
	for _, name := range []string{"unit", "tool", "from", "to", "assumptions", "figure"} {
		if text := c.Query(name); text != "" {
			asked.Set(name, text)
		}
	}
	q, err := query.ParseTornado(asked, d.cfg.Company().Today())
	if q.To != nil {
		q.To = &f.To // a day that has not come yet is none
	}
	return valueChoice{q, f.Against}, err
}

// values are the choice as an address bears it; only what was chosen.
func (v valueChoice) values() url.Values {
	values := url.Values{}
	if v.Unit != "" && v.Unit != adoption.Company {
		values.Set("unit", v.Unit)
	}
	if v.Tool != "" && v.Tool != adoption.AllTools {
		values.Set("tool", v.Tool)
	}
	if v.From != nil {
		values.Set("from", v.From.String())
	}
	if v.To != nil {
		values.Set("to", v.To.String())
	}
	if v.Version != nil {
		values.Set("assumptions", strconv.FormatUint(*v.Version, 10))
	}
	if v.Against != "" {
		values.Set("compare", string(v.Against))
	}
	return values
}

// address is a page under the same choice.
func (v valueChoice) address(path string) string {
	return addressOf(path, v.values())
}

func (v valueChoice) of(unit, tool string) valueChoice {
	v.Unit, v.Tool = unit, tool
	return v
}

// figureAddress opens a figure of a unit and tool.
func (v valueChoice) figureAddress(figure string) string {
	return v.address("/value/figures/" + url.PathEscape(figure))
}

// valueView is the page of what tools are worth to a unit.
type valueView struct {
	Head      *part[valueHeadView]
	Tornado   *part[tornadoView]
	BreakEven *part[breakEvenView]
	Time      *part[timeView]
	Scenarios *part[scenariosView]
	Versions  string // where the assumptions are
}

func (s *Dashboard) valuePage(c *gin.Context) {
	d := s.reader(c)
	choice, err := d.readValueChoice(c)
	if err != nil {
		d.failFilter(c, err)
		return
	}
	d.showValue(c, http.StatusOK, choice, refusedForm{})
}

// showValue draws the page, and the form that saves a scenario with what was typed where that was refused.
func (d *reader) showValue(c *gin.Context, status int, choice valueChoice, refused refusedForm) {
	company := d.cfg.Company()
	all := choice.ValueQuestion
	all.Children = true
	ps := d.parts(c.Request.Context())
	value := get(ps, "value", func(ctx context.Context) (*query.ValueAnswer, error) { return company.Value(ctx, all) })
	tornado := get(ps, "tornado", func(ctx context.Context) (*query.TornadoAnswer, error) {
		return company.Tornado(ctx, choice.ValueCaseQuestion)
	})
	even := get(ps, "break-even", func(ctx context.Context) (*query.BreakEvenAnswer, error) {
		return company.BreakEven(ctx, choice.ValueCaseQuestion)
	})
	spent := get(ps, "time", func(ctx context.Context) (*query.TimeAnswer, error) {
		return company.Time(ctx, choice.ValueCaseQuestion)
	})
	scenarios := get(ps, "scenarios", func(ctx context.Context) (*query.ScenariosAnswer, error) {
		return company.Scenarios(ctx, choice.ValueCaseQuestion)
	})
	lists := get(ps, "lists", func(ctx context.Context) (valueLists, error) { return askValueLists(ctx, company) })
	ps.wait()
	if value.err != nil && adoption.CodeOf(value.err) != adoption.Internal {
		d.fail(c, value.err)
		return
	}
	n, currency := namesOf(lists.View), ""
	if value.err == nil && len(value.View.Rows) > 0 {
		currency = value.View.Rows[0].Currency
	}
	page := d.pageOf(c, d.words.text("value.title"), "value")
	view := valueView{Versions: choice.address("/value/assumptions"),
		Head:      drawn(value, func(a *query.ValueAnswer) valueHeadView { return d.valueHead(a, choice, n) }),
		Tornado:   drawn(tornado, func(a *query.TornadoAnswer) tornadoView { return d.tornadoView(a, currency, choice, n) }),
		BreakEven: drawn(even, func(a *query.BreakEvenAnswer) breakEvenView { return d.breakEvenView(a, n) }),
		Time:      drawn(spent, func(a *query.TimeAnswer) timeView { return d.timeView(a, currency) }),
		Scenarios: drawn(scenarios, func(a *query.ScenariosAnswer) scenariosView {
			v := d.scenariosView(a, n)
			if may(c, access.EditAssumptions) {
				v.Form = d.scenarioForm(&a.ValueHeader, refused, n)
			}
			return v
		})}
	if value.err == nil {
		page.Filter = d.valueFilter(c, choice, &value.View.ValueHeader, lists.View)
	}
	d.render(c, status, "value.html", page, view)
}

// zone is the reporting zone.
func (d *reader) zone() *time.Location {
	if zone := d.cfg.Company().Zone; zone != nil {
		return zone
	}
	return time.UTC
}

// drawn is what a section shows of its answer, or the sentence that says why it cannot.
func drawn[Answer, View any](p *part[Answer], draw func(Answer) View) *part[View] {
	if p.err != nil {
		return &part[View]{Failed: p.Failed, err: p.err}
	}
	return &part[View]{View: draw(p.View)}
}

// valueLists is what can be chosen.
type valueLists struct {
	units    *query.UnitsAnswer
	tools    *query.ToolsAnswer
	versions []query.Version
}

func askValueLists(ctx context.Context, company *query.Company) (l valueLists, err error) {
	if l.units, err = company.Units(ctx); err != nil {
		return l, err
	}
	if l.tools, err = company.Tools(ctx); err != nil {
		return l, err
	}
	assumptions, err := company.Assumptions(ctx, query.AssumptionsQuestion{})
	if err != nil {
		return l, err
	}
	l.versions = assumptions.Versions
	return l, nil
}

// names are what units and tools are called; one that is not listed is called by its id.
type names struct{ units, tools map[string]string }

func namesOf(l valueLists) names {
	n := names{map[string]string{}, map[string]string{}}
	if l.units != nil {
		for _, u := range l.units.Units {
			n.units[u.ID] = u.Name
		}
	}
	if l.tools != nil {
		for _, t := range l.tools.Tools {
			n.tools[t.ID] = t.Name
		}
	}
	return n
}

func (n names) unit(id string) string { return firstText(n.units[id], id) }
func (n names) tool(id string) string { return firstText(n.tools[id], id) }

// valueFilter is the bar with which the reader of value chooses.
func (d *reader) valueFilter(c *gin.Context, chosen valueChoice, h *query.ValueHeader, l valueLists) *filterView {
	f := filter{Tool: h.Tool, Unit: h.Unit, Against: chosen.Against}
	if h.Unit == adoption.Company {
		f.Unit = ""
	}
	if h.Tool == adoption.AllTools {
		f.Tool = ""
	}
	if chosen.From != nil || chosen.To != nil {
		f.From, f.To = h.From, h.To
	}
	tools := l.tools
	if tools == nil { // they could not be had: all of them are still a choice
		tools = &query.ToolsAnswer{}
	}
	v := d.filterBar(c, f, tools, h.To)
	v.keep("compare", string(chosen.Against))
	v.Until = d.words.text("filter.until", "time", d.clock(h.DataUntil, h.DataUntil.Location()))
	v.Versions = []choice{{Name: d.words.text("value.filter.newest"), Chosen: chosen.Version == nil}}
	for _, one := range l.versions {
		number := strconv.FormatUint(one.Version, 10)
		v.Versions = append(v.Versions, choice{Value: number, Name: d.words.text("value.filter.version", "version", number), Chosen: chosen.Version != nil && *chosen.Version == one.Version})
	}
	v.Versions = append(v.Versions, choice{Value: "0", Name: d.words.text("value.filter.start"), Chosen: chosen.Version != nil && *chosen.Version == 0})
	return v
}
