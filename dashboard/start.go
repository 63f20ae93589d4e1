package dashboard

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/query"
)

// startView is the first page: what will be here, and how to get it there.
type startView struct {
	Token, Event, People string // commands, to be copied
	Demo                 string // the command that shows the demo company instead
	Working              string // what is being loaded, "" for nothing
	Done, Total          int64
	Percent              string
}

// showStart is the overview of a company that nothing has been heard of yet.
func (d *reader) showStart(c *gin.Context, company *query.Company) {
	view := startView{}
	p := d.pageOf(c, d.words.text("start.title"), "overview")
	if w := d.cfg.Working(); w.Total > 0 {
		view.Working, view.Done, view.Total = d.words.text("work."+w.What), min(w.Done, w.Total), w.Total
		view.Percent = d.percent(float64(view.Done)/float64(w.Total), 0)
		p.Refresh = 3
	}
	view.Token = `TOKEN=$(bin/uptake token create --source first --directory)`
	view.Event = strings.Join([]string{
		`curl ` + d.address(c) + `/v1/events \`,
		`  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \`,
		`  -d '{"time":"` + d.cfg.Now().UTC().Truncate(time.Second).Format(time.RFC3339) + `","tool":"wiki","actor":"someone@example.com","action":"edit"}'`,
	}, "\n")
	view.People = peopleCommand
	view.Demo = "bin/uptake demo --preset manufacturer"
	d.render(c, http.StatusOK, "start.html", p, view)
}

const peopleCommand = `cat > people.csv <<END
email,unit,effective_from
someone@example.com,sales,2026-01-01
END
bin/uptake import people people.csv`

// address is where this server is reached: as configured, else as the browser reached it.
func (d *reader) address(c *gin.Context) string {
	if d.cfg.Address != "" {
		return strings.TrimSuffix(d.cfg.Address, "/")
	}
	scheme := "http"
	if d.cfg.HTTPS || c.Request.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.Request.Host
}

// missingView says what is missing when events come in but nobody is in the directory.
type missingView struct{ Active, People string }

func (d *reader) missingView(a *query.UnitPageAnswer) *missingView {
	v := &missingView{Active: d.words.text("missing_directory.some"), People: peopleCommand}
	if a.Now != nil && a.Now.ActiveNotEnabled != nil {
		v.Active = d.words.text("missing_directory.active", "n", count(d.locale, *a.Now.ActiveNotEnabled))
	}
	return v
}
