package query

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query/querytest"
)

// reconcile holds every total of a store from a day to another (querytest.Reconcile has what that means).
func (s *store) reconcile(from, to string) int {
	s.t.Helper()
	return querytest.Reconcile(s.t, func(what string, params url.Values) []byte {
		answer, err := answers[what](s.Company, params)
		require.NoError(s.t, err, "%s?%s", what, params.Encode())
		text, err := json.Marshal(answer)
		require.NoError(s.t, err)
		return text
	}, from, to)
}

// answers are the questions behind the paths of querytest.Answers.
var answers = map[string]func(*Company, url.Values) (any, error){
	"actions":       answerOf(ParseActions, (*Company).Actions),
	"adoption":      answerOf(ParseAdoption, (*Company).Adoption),
	"pyramid":       answerOf(ParseAdoption, (*Company).Pyramid),
	"lifecycle":     answerOf(ParseLifecycle, (*Company).Lifecycle),
	"seats":         answerOf(ParseSeats, (*Company).Seats),
	"first-use":     answerOf(ParseAdoption, (*Company).FirstUse),
	"diffusion":     answerOf(ParseDiffusion, (*Company).Diffusion),
	"habits":        answerOf(ParseAdoption, (*Company).Habits),
	"depth":         answerOf(ParseAdoption, (*Company).Depth),
	"concentration": answerOf(ParseAdoption, (*Company).Concentration),
	"retention":     answerOf(ParseRetention, (*Company).Retention),
	"collaboration": answerOf(ParseCollaboration, (*Company).Collaboration),
	"compare":       answerOf(ParseCompare, (*Company).Compare),
	"by":            answerOf(ParseBy, (*Company).By),
	"units":         func(c *Company, _ url.Values) (any, error) { return c.Units(context.Background()) },
	"tools":         func(c *Company, _ url.Values) (any, error) { return c.Tools(context.Background()) },
}

func answerOf[Q, A any](parse func(url.Values, adoption.Day) (Q, error), ask func(*Company, context.Context, Q) (A, error)) func(*Company, url.Values) (any, error) {
	return func(c *Company, values url.Values) (any, error) {
		q, err := parse(values, c.Today())
		if err != nil {
			return nil, err
		}
		return ask(c, context.Background(), q)
	}
}

// Totals are right among hidden children and rest groups, too.
func TestTotalsReconcile(t *testing.T) {
	s := salesCompany(t)
	assert.Greater(t, s.reconcile("2026-10-31", "2026-10-31"), 100)
}
