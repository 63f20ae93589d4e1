package dashboard

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// filter is the choice that lives in the address: a link shows its receiver the same thing.
type filter struct {
	Tool string       // "" is all tools
	To   adoption.Day // 0 is the last closed day
}

// readFilter reads tool and to; what stands there and is no date is an error of the reader, said as such.
func readFilter(c *gin.Context, today adoption.Day) (filter, error) {
	f := filter{Tool: c.Query("tool")}
	if named := c.Param("tool"); named != "" { // the page of a tool
		f.Tool = named
	}
	if f.Tool == adoption.AllTools {
		f.Tool = ""
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

// filterQuery writes a filter as the query of an address.
func filterQuery(tool, to string) string {
	values := url.Values{}
	if tool != "" && tool != adoption.AllTools {
		values.Set("tool", tool)
	}
	if to != "" {
		values.Set("to", to)
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

func (f filter) query() string {
	to := ""
	if f.To != 0 {
		to = f.To.String()
	}
	return filterQuery(f.Tool, to)
}

// unitAddress is the page of a unit under the same filter.
func (f filter) unitAddress(unit string) string {
	if unit == adoption.Company {
		return "/" + f.query()
	}
	return "/units/" + url.PathEscape(unit) + f.query()
}

// figureAddress opens a figure of a unit under the same filter.
func (f filter) figureAddress(unit, figure string) string {
	values := url.Values{}
	if f.Tool != "" {
		values.Set("tool", f.Tool)
	}
	if f.To != 0 {
		values.Set("to", f.To.String())
	}
	if unit != adoption.Company {
		values.Set("unit", unit)
	}
	address := "/figures/" + url.PathEscape(figure)
	if len(values) > 0 {
		address += "?" + values.Encode()
	}
	return address
}

// filterView is the bar with which the reader chooses.
type filterView struct {
	Action string // the page that the choice is for
	Unit   string // kept beside the choice, on the page of a figure; "" else
	Tools  []choice
	To     string // YYYY-MM-DD
	Latest string
	Until  string
}

type choice struct {
	Value, Name string
	Tag         string // of a language
	Chosen      bool
}

func (d *reader) filterView(action string, f filter, tools *query.ToolsAnswer, p *query.Page, company *query.Company) *filterView {
	v := d.filterBar(action, f, tools, p.Date, company)
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
	return "/tools/" + url.PathEscape(tool) + f.query()
}
