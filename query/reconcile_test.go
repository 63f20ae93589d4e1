package query

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/query/querytest"
)

// reconcile holds every total of a store from a day to another (querytest.Reconcile has what that means).
func (s *store) reconcile(from, to string) int {
	s.t.Helper()
	return querytest.Reconcile(s.t, func(what string, params url.Values) []byte {
		answer, err := s.answer(what, params)
		require.NoError(s.t, err, "%s?%s", what, params.Encode())
		text, err := json.Marshal(answer)
		require.NoError(s.t, err)
		return text
	}, from, to)
}

// answer is what the API answers at a path of querytest.Answers.
func (s *store) answer(what string, params url.Values) (any, error) {
	ctx := context.Background()
	parse := ParseAdoption
	if what == "lifecycle" {
		parse = ParseLifecycle
	}
	q, err := parse(params, s.Today())
	if err != nil {
		return nil, err
	}
	switch what {
	case "adoption":
		return s.Adoption(ctx, q)
	case "pyramid":
		return s.Pyramid(ctx, q)
	case "lifecycle":
		return s.Lifecycle(ctx, q)
	case "units":
		return s.Units(ctx)
	case "tools":
		return s.Tools(ctx)
	}
	panic("nobody has told this test how to ask " + what)
}

// Totals are right among hidden children and rest groups, too.
func TestTotalsReconcile(t *testing.T) {
	s := salesCompany(t)
	assert.Greater(t, s.reconcile("2026-10-31", "2026-10-31"), 100)
}
