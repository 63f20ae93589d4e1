package dashboard

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"uptake/query"
)

// The JSON API answers with the query's own shapes, unrounded. Errors go through the one table of errors.go.

func (d *Dashboard) apiAdoption(c *gin.Context) {
	company := d.cfg.Company()
	question, err := query.ParseAdoption(c.Request.URL.Query(), company.Today())
	if err != nil {
		d.failJSON(c, err)
		return
	}
	answer, err := company.Adoption(c.Request.Context(), question)
	answerJSON(d, c, answer, err)
}

func (d *Dashboard) apiUnits(c *gin.Context) {
	answer, err := d.cfg.Company().Units(c.Request.Context())
	answerJSON(d, c, answer, err)
}

func (d *Dashboard) apiTools(c *gin.Context) {
	answer, err := d.cfg.Company().Tools(c.Request.Context())
	answerJSON(d, c, answer, err)
}

func (d *Dashboard) apiTrust(c *gin.Context) {
	answer, err := d.cfg.Company().Trust(c.Request.Context())
	answerJSON(d, c, answer, err)
}

func answerJSON[T any](d *Dashboard, c *gin.Context, answer T, err error) {
	if err != nil {
		d.failJSON(c, err)
		return
	}
	c.JSON(http.StatusOK, answer)
}
