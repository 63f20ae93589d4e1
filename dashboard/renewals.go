package dashboard

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// renewalsView is what renewals put at stake, the nearest last day of notice first. The amounts overlap, so there is no sum.
type renewalsView struct {
	Path          []link
	Head, Version string
	Renewals      []renewalRow
}

type renewalRow struct {
	Line, For, Renewal, Notice, Left, Seats, Unused, Unassigned string
	Exposed, Reassignable, Reducible                            estimate
}

func (s *Dashboard) renewalsPage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	asked := c.Request.URL.Query()
	asked.Del("from") // they come along with the choice of other pages, and renewals have nothing of them
	asked.Del("compare")
	q, err := query.ParseRenewals(asked, company.Today())
	if err != nil {
		d.fail(c, err)
		return
	}
	answer, err := company.Renewals(c.Request.Context(), q)
	if err != nil {
		d.fail(c, err)
		return
	}
	lists, err := askValueLists(c.Request.Context(), company)
	if err != nil {
		d.fail(c, err)
		return
	}
	d.render(c, http.StatusOK, "renewals.html", d.pageOf(c, d.words.text("renewals.title"), "value"), d.renewalsView(answer, namesOf(lists)))
}

func (d *reader) renewalsView(a *query.RenewalsAnswer, n names) renewalsView {
	v := renewalsView{Path: []link{{d.words.text("value.title"), d.chosen.along("/value")}}, Head: d.words.text("renewals.none"), Version: d.words.text("value.version.start")}
	if a.Version > 0 {
		v.Version = d.words.text("value.filter.version", "version", a.Version)
	}
	if len(a.Renewals) > 0 {
		first := a.Renewals[0]
		v.Head = d.words.text("renewals.some", "n", len(a.Renewals)) + " " + d.words.text("renewals.next", "tool", n.tool(first.Tool), "left", d.noticeLeft(first.DaysLeft))
	}
	known := func(seats *uint64) string {
		if seats == nil {
			return d.words.text("renewals.not_known")
		}
		return count(d.locale, *seats)
	}
	for _, x := range a.Renewals {
		notice := x.Renewal
		if x.Notice != nil {
			notice = *x.Notice
		}
		whom := n.unit(x.Unit)
		if x.Unit == adoption.Company {
			whom = d.words.text("renewals.company")
		}
		v.Renewals = append(v.Renewals, renewalRow{Line: n.tool(x.Tool), For: x.Line + " · " + whom, Renewal: d.date(x.Renewal), Notice: d.date(notice), Left: d.noticeLeft(x.DaysLeft), Seats: known(x.Seats), Unused: known(x.Unused), Unassigned: known(x.Unassigned),
			Exposed: d.estimateOf(&x.Exposed, inMoney, x.Currency, 0), Reassignable: d.estimateOf(&x.Reassignable, inMoney, x.Currency, 0), Reducible: d.estimateOf(&x.Reducible, inMoney, x.Currency, 0)})
	}
	return v
}

// noticeLeft is how long notice may still be given.
func (d *reader) noticeLeft(days int) string {
	if days < 0 {
		return d.words.text("renewals.passed")
	}
	return d.words.text("renewals.left", "n", days)
}
