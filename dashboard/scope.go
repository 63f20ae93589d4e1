package dashboard

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
)

// reach says whose figures a route tells, and so what of it is open to somebody who reads the own units alone.
type reach int

const (
	everyone reach = iota // of the whole company, unit by unit: not open. A route that nobody has thought about is of this kind.
	noOne                 // of no unit: open
	ownUnit               // of the unit that the address names: open for the own units and below
	ownTotal              // the same, and of the company its own row alone: open for that, too, without children
)

// reaches is the reach of each route that is not everyone's.
var reaches = map[string]reach{
	"/units/:unit":          ownUnit, // the company's page ranks its units
	"/figures/:figure":      ownTotal,
	"/trust":                noOne,
	"/account/api":          noOne,
	"/account":              noOne, // of whoever asks
	"/api/v1/adoption":      ownTotal,
	"/api/v1/lifecycle":     ownTotal,
	"/api/v1/retention":     ownTotal,
	"/api/v1/pyramid":       ownTotal,
	"/api/v1/habits":        ownTotal,
	"/api/v1/depth":         ownTotal,
	"/api/v1/concentration": ownTotal,
	"/api/v1/first-use":     ownTotal,
	"/api/v1/actions":       ownUnit, // of the company they are told by group
	"/api/v1/attention":     ownUnit, // it looks below the unit, too
	"/api/v1/seats":         ownTotal,
	"/api/v1/diffusion":     ownTotal,
	"/api/v1/value":         ownTotal,
	"/api/v1/tools":         noOne,
	"/api/v1/trust":         noOne,
	"/api/v1/openapi.yaml":  noOne,
	"/api/v1/openapi.json":  noOne,
}

// withinUnits tells whether a question stays within the units of a person; where it does not, it is answered. The first
// page is that of the own unit.
func (d *Dashboard) withinUnits(c *gin.Context, r route, person access.Person) bool {
	if r.path == "/" && r.method == http.MethodGet {
		c.Redirect(http.StatusSeeOther, d.carriedFilter(c).unitAddress(person.Units[0]))
		c.Abort()
		return false
	}
	inside, err := d.inside(c, r, person)
	if err == nil && !inside {
		refused := d.wordedError(adoption.Forbidden, "error.own_units", nil)
		refused.Field = "unit"
		err = refused
	}
	if err != nil {
		d.fail(c, err)
		return false
	}
	return true
}

func (d *Dashboard) inside(c *gin.Context, r route, person access.Person) (bool, error) {
	what := reaches[r.path]
	if what == everyone || what == noOne {
		return what == noOne, nil
	}
	values := c.Request.URL.Query()
	unit := values["unit"]
	if len(unit) > 1 {
		return false, nil // which of them the answer would be about is not for a guard to guess
	}
	asked := c.Param("unit")
	if asked == "" && len(unit) == 1 {
		asked = unit[0]
	}
	if asked == "" || asked == adoption.Company {
		children := values.Has("children") && values.Get("children") != "0"
		return what == ownTotal && !children, nil
	}
	return d.cfg.Company().Below(c.Request.Context(), asked, person.Units)
}
