package dashboard

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// filter is the choice that lives in the address: a link shows its receiver the same thing.
type filter struct {
	Tool    string        // "" is all tools
	To      adoption.Day  // 0 is the last closed day
	Against query.Against // "" is the 28 days before
}

// readFilter reads tool, to and compare; what stands there and cannot be read is an error of the reader, said as such.
func readFilter(c *gin.Context, today adoption.Day) (filter, error) {
	f := filter{Tool: c.Query("tool")}
	if named := c.Param("tool"); named != "" { // the page of a tool
		f.Tool = named
	}
	if f.Tool == adoption.AllTools {
		f.Tool = ""
	}
	against, err := query.ParseAgainst(c.Query("compare"))
	if err != nil {
		return f, err
	}
	if against != query.AgainstBefore { // an address bears only what is not so anyway
		f.Against = against
	}
	text := c.Query("to")
	if text == "" {
		return f, nil
	}
	day, err := adoption.ParseDay(text)
	if err != nil {
		return f, adoption.Invalid("to", err.Error()+".")
	}
	f.To = min(day, today)
	return f, nil
}

// carriedFilter is the filter of an address for the links of its page: without what cannot be read.
func carriedFilter(c *gin.Context, today adoption.Day) filter {
	f, err := readFilter(c, today)
	if err != nil {
		return filter{Tool: f.Tool}
	}
	return f
}

// values are the filter as an address bears it; only what was chosen.
func (f filter) values() url.Values {
	values := url.Values{}
	if f.Tool != "" {
		values.Set("tool", f.Tool)
	}
	if f.To != 0 {
		values.Set("to", f.To.String())
	}
	if f.Against != "" {
		values.Set("compare", string(f.Against))
	}
	return values
}

// address is a page under the same filter.
func (f filter) address(path string) string { return addressOf(path, f.values()) }

func addressOf(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// unitAddress is the page of a unit under the same filter.
func (f filter) unitAddress(unit string) string {
	if unit == adoption.Company {
		return f.address("/")
	}
	return f.address("/units/" + url.PathEscape(unit))
}

// aboutUnit is a page that names its unit in the query, under the same filter.
func (f filter) aboutUnit(path, unit string) string {
	values := f.values()
	if unit != adoption.Company {
		values.Set("unit", unit)
	}
	return addressOf(path, values)
}

// figureAddress opens a figure of a unit under the same filter.
func (f filter) figureAddress(unit, figure string) string {
	return f.aboutUnit("/figures/"+url.PathEscape(figure), unit)
}

// filterView is the bar with which the reader chooses.
type filterView struct {
	Action string   // the page that the choice is for
	Kept   []choice // what is chosen elsewhere, by the name of its parameter
	Tools  []choice
	Before []choice // what the 28 days can be compared with
	To     string   // YYYY-MM-DD
	Latest string
	Until  string
}

// keep carries a parameter along with the choice.
func (v *filterView) keep(name, value string) {
	if value != "" {
		v.Kept = append(v.Kept, choice{Name: name, Value: value})
	}
}

type choice struct {
	Value, Name string
	Tag         string // of a language
	Chosen      bool
}

func (d *reader) filterView(action string, f filter, tools *query.ToolsAnswer, p *query.Page, company *query.Company) *filterView {
	v := d.filterBar(action, f, tools, p.Date, company)
	for _, against := range []query.Against{query.AgainstBefore, query.AgainstYearAgo} {
		v.Before = append(v.Before, choice{Value: string(against), Name: d.words.text("filter.compare." + string(against)), Chosen: against == p.Against})
	}
	v.Until = d.words.text("filter.until", "time", d.clock(p.DataUntil, p.DataUntil.Location()))
	if p.Running {
		v.Until = d.words.text("filter.running", "time", d.clock(p.DataUntil, p.DataUntil.Location()))
	}
	return v
}

// filterBar is the bar of a page whose 28 days end with a day. Without tools there is no choice of one.
func (d *reader) filterBar(action string, f filter, tools *query.ToolsAnswer, day adoption.Day, company *query.Company) *filterView {
	v := &filterView{Action: action, To: day.String(), Latest: company.Today().String()}
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

// toolAddress is the page of a tool under the same filter.
func toolAddress(tool string, f filter) string {
	f.Tool = ""
	return f.address("/tools/" + url.PathEscape(tool))
}
