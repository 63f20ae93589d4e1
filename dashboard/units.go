package dashboard

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// unitsView is the tree of all units.
type unitsView struct {
	Units  []unitLine
	Of     string // the day of the headcounts
	Failed string
	More   string // how many are left out, in words
	Legacy bool   // some unit came from another company
}

type unitLine struct {
	Name, Href, People, Legacy, Kind string
	Depth                            int // 0 for the company, at most 6: deeper ones are indented alike
}

// unitsListed bounds the list: a page must stay light whatever the company.
const unitsListed = 800

func (s *Dashboard) unitsPage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	f, err := d.readFilter(c)
	if err != nil {
		d.failFilter(c, err)
		return
	}
	answer, err := company.Units(c.Request.Context())
	view := unitsView{}
	if err != nil {
		view.Failed = d.sectionError("units", err)
	} else {
		view = d.unitsView(answer, f)
	}
	d.render(c, http.StatusOK, "units.html", d.pageOf(c, d.words.text("units.title"), "units"), view)
}

func (d *reader) unitsView(answer *query.UnitsAnswer, f filter) unitsView {
	var view unitsView
	if answer.Date != nil {
		view.Of = d.words.text("units.of", "date", d.date(*answer.Date))
	}
	listed := answer.Units
	if len(listed) > unitsListed {
		listed = listed[:unitsListed]
		view.More = d.words.text("units.more", "n", count(d.locale, len(answer.Units)-unitsListed))
	}
	for _, u := range listed {
		line := unitLine{Name: u.Name, People: count(d.locale, u.Headcount), Legacy: u.LegacyEntity, Href: f.unitAddress(u.ID), Depth: min(u.Depth, 6)}
		if u.ID == adoption.Unassigned || u.Kind == "direct" {
			line.Kind = d.words.text("units.kind." + u.Kind)
		}
		view.Legacy = view.Legacy || line.Legacy != ""
		view.Units = append(view.Units, line)
	}
	return view
}
