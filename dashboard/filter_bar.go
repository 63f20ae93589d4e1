package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// filterView is the bar with which the reader chooses.
type filterView struct {
	Action   string       // the page that the choice is for
	Kept     []choice     // what is chosen elsewhere, by the name of its parameter
	Tools    []choice     // none where the page has no choice of one
	Period   string       // its name, or its days
	Days     string       // its days
	Periods  []choiceLink // those that can be had by one click
	From, To string       // YYYY-MM-DD
	Latest   string
	Before   []choice // what the 28 days can be compared with; none where nothing is compared
	Versions []choice // of the assumptions; none but on pages of value
	Until    string
	Field    string // of what cannot be read, "" where all can
	Problem  string // what is wrong with it
}

type choice struct {
	Value, Name string
	Tag         string // of a language
	Chosen      bool
}

// keep carries a parameter along with the choice.
func (v *filterView) keep(name, value string) {
	if value != "" {
		v.Kept = append(v.Kept, choice{Name: name, Value: value})
	}
}

// period is a span of days with a name, "filter.period.KEY".
type period struct {
	key      string
	from, to adoption.Day // 0 and 0: the 28 days up to the last that is over, whatever day it is read on
}

// periodsOn are those that can be had by one click; years and quarters are the company's fiscal ones. A running one ends with the
// last day that is over, or on its first day today.
func periodsOn(today adoption.Day, company *query.Company) []period {
	year, quarter := company.FirstOfYear(today), company.FirstOfQuarter(today)
	return []period{
		{"28", 0, 0},
		{"quarter", quarter, max(today-1, quarter)},
		{"last_quarter", company.FirstOfQuarter(quarter - 1), quarter - 1},
		{"year", year, max(today-1, year)},
		{"12_months", adoption.DayOf(today.Time().AddDate(-1, 0, 0), time.UTC), today - 1},
	}
}

// periodChoice fills the choice of a period in: the days chosen, and links to the page under others.
func (d *reader) periodChoice(v *filterView, f filter, from, to adoption.Day, asked *url.URL) {
	today := d.cfg.Company().Today()
	v.From, v.To, v.Latest = from.String(), to.String(), today.String()
	v.Days = d.words.text("filter.period.own", "from", d.date(from), "to", d.date(to))
	v.Period = v.Days
	for _, p := range periodsOn(today, d.cfg.Company()) {
		values := asked.Query()
		for _, name := range []string{"from", "to", "save"} {
			values.Del(name)
		}
		if p.to != 0 {
			values.Set("from", p.from.String())
			values.Set("to", p.to.String())
		}
		one := choiceLink{link{d.words.text("filter.period." + p.key), addressOf(asked.EscapedPath(), values)}, f.From == p.from && f.To == p.to || p.to == 0 && from == today-query.WindowDays && to == today-1}
		if one.Chosen {
			v.Period = one.Name
		}
		v.Periods = append(v.Periods, one)
	}
}

// filterView is the bar of a page about the 28 days that end with its date.
func (d *reader) filterView(c *gin.Context, f filter, tools *query.ToolsAnswer, p *query.Page) *filterView {
	v := d.filterBar(c, f, tools, p.Date)
	v.compared(d, p.Against)
	v.Until = d.words.text("filter.until", "time", d.clock(p.DataUntil, p.DataUntil.Location()))
	if p.Running {
		v.Until = d.words.text("filter.running", "time", d.clock(p.DataUntil, p.DataUntil.Location()))
	}
	return v
}

// compared gives the bar the choice of what is compared with.
func (v *filterView) compared(d *reader, chosen query.Against) {
	for _, against := range []query.Against{query.AgainstBefore, query.AgainstYearAgo} {
		v.Before = append(v.Before, choice{Value: string(against), Name: d.words.text("filter.compare." + string(against)), Chosen: against == chosen})
	}
}

// filterBar is the bar of a page whose days end with the last, where none was chosen. Without tools there is no choice of one.
func (d *reader) filterBar(c *gin.Context, f filter, tools *query.ToolsAnswer, last adoption.Day) *filterView {
	v := &filterView{Action: c.Request.URL.Path}
	from, to := f.days(last)
	d.periodChoice(v, f, from, to, c.Request.URL)
	if c.Param("unit") == "" {
		v.keep("unit", f.Unit)
	}
	if tools == nil {
		return v
	}
	v.Tools = []choice{{Name: d.words.text("filter.all_tools"), Chosen: f.Tool == ""}}
	for _, tool := range tools.Tools {
		if tool.ID != adoption.AllTools && tool.Counted {
			v.Tools = append(v.Tools, choice{Value: tool.ID, Name: tool.Name, Chosen: tool.ID == f.Tool})
		}
	}
	return v
}

// failFilter says on the page what cannot be read of a choice, beside the field, with the rest of it as it was.
func (d *reader) failFilter(c *gin.Context, err error) {
	e := d.public(c, err)
	if wantsJSON(c.Request) || !slices.Contains([]string{"from", "to", "compare"}, e.Field) {
		d.fail(c, err)
		return
	}
	f := d.carriedFilter(c)
	p := d.pageOf(c, d.words.text("filter.wrong.title"), "")
	v := d.filterBar(c, f, nil, d.cfg.Company().Today()-1)
	v.From, v.To = c.Query("from"), c.Query("to")
	v.compared(d, f.against())
	if c.Param("tool") == "" {
		v.keep("tool", f.Tool)
	}
	v.keep("assumptions", c.Query("assumptions"))
	if e.Field != "compare" {
		v.Period = d.words.text("filter.period.wrong")
		for i := range v.Periods {
			v.Periods[i].Chosen = false
		}
	}
	v.Field, v.Problem = e.Field, d.errorView(e).Message
	p.Filter = v
	d.render(c, http.StatusBadRequest, "error.html", p, errorView{Message: d.words.text("filter.wrong.next")})
	c.Abort()
}

// against is what the filter compares with, its default filled in.
func (f filter) against() query.Against {
	if f.Against == "" {
		return query.AgainstBefore
	}
	return f.Against
}
