package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// The JSON API answers with the query's own shapes, unrounded. Errors go through the one table of errors.go. What is
// answered here is described in openapi.yaml, and a test holds the one against the other.

// asked reads a question from the address and answers it.
func asked[Question, Answer any](d *Dashboard, parse func(url.Values, adoption.Day) (Question, error),
	ask func(*query.Company, context.Context, Question) (Answer, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		company := d.cfg.Company()
		question, err := parse(c.Request.URL.Query(), company.Today())
		if err != nil {
			d.failJSON(c, err)
			return
		}
		answer, err := ask(company, c.Request.Context(), question)
		answerJSON(d, c, answer, err)
	}
}

// listed answers what there is no choice in.
func listed[Answer any](d *Dashboard, list func(*query.Company, context.Context) (Answer, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		answer, err := list(d.cfg.Company(), c.Request.Context())
		answerJSON(d, c, answer, err)
	}
}

// named answers about the one thing that the address names.
func named[Answer any](d *Dashboard, find func(company *query.Company, ctx context.Context, id string) (Answer, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		answer, err := find(d.cfg.Company(), c.Request.Context(), c.Param("id"))
		answerJSON(d, c, answer, err)
	}
}

func answerJSON[T any](d *Dashboard, c *gin.Context, value T, err error) {
	if err != nil {
		d.failJSON(c, err)
		return
	}
	body, err := json.Marshal(value)
	if err != nil {
		d.failJSON(c, err)
		return
	}
	answer(c, http.StatusOK, "application/json; charset=utf-8", body)
}
