package dashboard

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// filter is the choice that lives in the address: a link shows its receiver the same thing, within the receiver's rights.
type filter struct {
	Tool     string        // "" is all tools
	Unit     string        // "" is the company
	From, To adoption.Day  // 0: not chosen. Then To is the last closed day, and From the first of 28 days.
	Against  query.Against // "" is the 28 days before
}

// longestPeriod is how many days a choice may span: what every answer takes.
const longestPeriod = 3 * 366

// readFilter reads tool, unit, from, to and compare. What cannot be read is left out, and the first of it is an error that
// names the field, worded in every language.
func (d *Dashboard) readFilter(c *gin.Context) (f filter, err error) {
	today := d.cfg.Company().Today()
	f = filter{Tool: c.Query("tool"), Unit: c.Query("unit")}
	if named := c.Param("tool"); named != "" { // the page of a tool
		f.Tool = named
	}
	if named := c.Param("unit"); named != "" { // the page of a unit
		f.Unit = named
	}
	if f.Tool == adoption.AllTools {
		f.Tool = ""
	}
	if f.Unit == adoption.Company {
		f.Unit = ""
	}
	wrong := func(field, key string) {
		if err == nil {
			refused := d.wordedError(adoption.InvalidParameter, key, nil)
			refused.Field = field
			err = refused
		}
	}
	day := func(field string) (day adoption.Day) {
		if text := c.Query(field); text != "" {
			var cause error
			if day, cause = adoption.ParseDay(text); cause != nil {
				wrong(field, "filter.wrong.day")
			}
		}
		return day
	}
	if f.From, f.To = day("from"), day("to"); err == nil {
		f.settle(today)
		switch {
		case f.From != 0 && f.From > f.To:
			wrong("from", "filter.wrong.order")
		case f.From != 0 && f.To-f.From >= longestPeriod:
			wrong("from", "filter.wrong.long")
		}
	}
	if err != nil {
		f.From, f.To = 0, 0
	}
	against, cause := query.ParseAgainst(c.Query("compare"))
	if cause != nil {
		wrong("compare", "filter.wrong.compare")
	}
	if against != query.AgainstBefore { // an address bears only what is not so anyway
		f.Against = against
	}
	return f, err
}

// settle gives a period that has a beginning its end: a day that has not come yet is none, and without one it ends with the
// last day that is over.
func (f *filter) settle(today adoption.Day) {
	if f.To != 0 {
		f.To = min(f.To, today)
	}
	if f.From != 0 && f.To == 0 {
		f.To = max(today-1, min(f.From, today))
	}
}

// carriedFilter is the filter of an address for the links of its page: without what cannot be read.
func (d *Dashboard) carriedFilter(c *gin.Context) filter {
	f, _ := d.readFilter(c) // the page says what is wrong, where it matters to it
	return f
}

// values are the filter as an address bears it, apart from the unit; only what was chosen.
func (f filter) values() url.Values {
	values := url.Values{}
	if f.Tool != "" {
		values.Set("tool", f.Tool)
	}
	if f.From != 0 {
		values.Set("from", f.From.String())
	}
	if f.To != 0 {
		values.Set("to", f.To.String())
	}
	if f.Against != "" {
		values.Set("compare", string(f.Against))
	}
	return values
}

func addressOf(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// address is a page of the whole company, or one whose path names its unit, under the same filter.
func (f filter) address(path string) string { return addressOf(path, f.values()) }

// along is a page that names its unit in the query, if any, under the same filter; more are parameters of its own, as pairs of
// a name and a value.
func (f filter) along(path string, more ...string) string {
	values := f.values()
	if f.Unit != "" {
		values.Set("unit", f.Unit)
	}
	for i := 0; i+1 < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	return addressOf(path, values)
}

// aboutUnit is a page about a unit, which stands in its query, under the same filter.
func (f filter) aboutUnit(path, unit string) string {
	if f.Unit = unit; unit == adoption.Company {
		f.Unit = ""
	}
	return f.along(path)
}

// unitAddress is the page of a unit under the same filter.
func (f filter) unitAddress(unit string) string {
	if unit == adoption.Company {
		return f.address("/")
	}
	return f.address("/units/" + url.PathEscape(unit))
}

// figureAddress opens a figure of a unit under the same filter.
func (f filter) figureAddress(unit, figure string) string {
	return f.aboutUnit("/figures/"+url.PathEscape(figure), unit)
}

// toolAddress is the page of a tool under the same filter.
func toolAddress(tool string, f filter) string {
	f.Tool = ""
	return f.along("/tools/" + url.PathEscape(tool))
}

// whose is the unit that a page is about, where its query names it.
func (f filter) whose() string {
	if f.Unit == "" {
		return adoption.Company
	}
	return f.Unit
}

// days are the first and last day of the period; where nothing was chosen, the 28 that end with a day.
func (f filter) days(last adoption.Day) (from, to adoption.Day) {
	if f.To != 0 {
		last = f.To
	}
	if f.From != 0 {
		return f.From, last
	}
	return max(last-query.WindowDays+1, 0), last
}

// long tells whether the period is longer than the 28 days that the figures of people are of.
func (f filter) long() bool { return f.From != 0 && f.To-f.From >= query.WindowDays }
