package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// factDoor is a door whose source hr may change the directory, and a Pseudonymiser that hashes as it does.
func factDoor(t *testing.T, facts Facts) (r *rig, token string, names *Pseudonymiser) {
	r = openProtocols(t, facts)
	token, err := r.tokens.Create(t.Context(), Grant{Name: "hr", Kind: SourceToken, Directory: true})
	require.NoError(t, err)
	return r, token, NewPseudonymiser([]byte("secret"))
}

func TestWhatClientsTellOfPeople(t *testing.T) {
	var told []Fact
	var fail error
	r, token, names := factDoor(t, func(_ context.Context, facts []Fact) error {
		told = append(told, facts...)
		return fail
	})
	today := adoption.DayOf(testNow, time.UTC)
	who, ada := names.Address("u-1"), names.Address("ada@example.com")
	batch := func(calls ...string) []byte { return []byte(`{"batch":[` + strings.Join(calls, ",") + `]}`) }
	for _, c := range []struct {
		name, path string
		body       []byte
		facts      []Fact
	}{
		{"an address", "/v1/batch", batch(identifyCall, trackCall), []Fact{{Who: who, Same: []adoption.Hash{ada}}}},
		{"a group", "/v1/group", []byte(`{"userId":"u-1","groupId":" sales ","traits":{"name":"Sales"}}`), []Fact{{Who: who, Unit: "sales", UnitName: "Sales", From: today}}},
		{"a group from a day on", "/v1/group", []byte(`{"userId":"u-1","groupId":"it","timestamp":"2026-11-02T23:59:59Z"}`), []Fact{{Who: who, Unit: "it", From: today - 20}}},
		{"an alias", "/v1/alias", []byte(`{"userId":"u-1","previousId":"ADA@example.com "}`), []Fact{{Who: who, Same: []adoption.Hash{ada}}}},
		{"a person's own name is no unit's", "/v1/identify", []byte(`{"userId":"u-1","traits":{"name":"Ann Private","department":"eng"}}`), []Fact{{Who: who, Unit: "eng", From: today}}},
		{"a visitor who signs in", "/v1/identify", []byte(`{"userId":"u-1","anonymousId":"ada@example.com"}`), []Fact{{Who: who, Same: []adoption.Hash{ada}}}},
		{"nothing new", "/v1/identify", []byte(`{"userId":"ada@example.com","traits":{"email":"ada@example.com","plan":"x"}}`), nil},
		{"PostHog's names", "/batch/", []byte(`{"batch":[{"event":"$identify","distinct_id":"u-1","properties":{"$anon_distinct_id":"ada@example.com"}},` +
			`{"event":"$create_alias","distinct_id":"u-1","properties":{"alias":"ada@example.com"}},{"event":"$set","distinct_id":"u-1","$set":{"email":"ada@example.com"}}]}`),
			[]Fact{{Who: who, Same: []adoption.Hash{ada}}, {Who: who, Same: []adoption.Hash{ada}}, {Who: who, Same: []adoption.Hash{ada}}}},
		{"PostHog's groups of a type that is a unit", "/batch/", []byte(`{"batch":[{"event":"$groupidentify","distinct_id":"$department_it","properties":{"$group_type":"department","$group_key":"it","$group_set":{"name":"IT"}}},` +
			`{"event":"$groupidentify","distinct_id":"$project_x","properties":{"$group_type":"project","$group_key":"x"}}]}`), []Fact{{Unit: "it", UnitName: "IT", From: today}}},
	} {
		told = nil
		_, answer, _ := r.call(c.path, c.body, "Authorization", "Bearer "+token)
		require.Empty(t, answer["rejected"], c.name)
		require.Equal(t, c.facts, told, c.name)
	}

	told = nil
	_, answer, _ := r.call("/v1/batch", batch(identifyCall, trackCall), "Authorization", "Bearer "+r.token)
	require.Equal(t, 1.0, answer["ignored"], "this source may not change the directory")
	require.Empty(t, told)

	for call, field := range map[string]string{
		`{"type":"group","userId":"u"}`:                                                   "group_id",
		`{"type":"group","userId":"u","groupId":"all"}`:                                   "unit",
		`{"type":"group","userId":"u","groupId":"` + strings.Repeat("x", 129) + `"}`:      "unit",
		`{"type":"identify","traits":{"email":"a@x.de"}}`:                                 "actor",
		`{"type":"group","userId":"u","groupId":"it","timestamp":"soon"}`:                 "time",
		`{"type":"group","userId":"u","groupId":"it","timestamp":"2027-01-01T00:00:00Z"}`: "time",
		`{"type":"group","userId":"u","groupId":"it","timestamp":"2200-01-01"}`:           "time",
		`{"type":"group","userId":"u","groupId":"it","timestamp":"2026-11-24"}`:           "time",
		`{"type":"group","userId":"u","groupId":"it","timestamp":"1969-12-31"}`:           "time",
	} {
		_, answer, _ := r.call("/v1/batch", batch(call), "Authorization", "Bearer "+token)
		require.Len(t, answer["rejected"], 1, call)
		require.Equal(t, field, answer["rejected"].([]any)[0].(map[string]any)["field"], call)
	}

	fail = errors.New("away")
	status, _, header := r.call("/v1/batch", batch(identifyCall), "Authorization", "Bearer "+token)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.NotEmpty(t, header.Get("Retry-After"))
}

// TestFactsReachTheDirectory sends identify and group calls while the database is away, and again; then it is there.
func TestFactsReachTheDirectory(t *testing.T) {
	db := testDB(t)
	var spool *Spool
	r, token, names := factDoor(t, func(ctx context.Context, facts []Fact) error { return spool.Tell(ctx, facts) })
	spool = r.spool
	calls := `{"batch":[` + identifyCall + `,{"type":"group","userId":"ada@example.com","groupId":"sales","timestamp":"2026-11-02T00:00:00Z"},` + trackCall + `]}`
	for range 2 {
		_, answer, _ := r.call("/v1/batch", []byte(calls), "Authorization", "Bearer "+token)
		require.Equal(t, 3.0, answer["accepted"])
	}
	refresher := refresh.New(refresh.Config{DB: db, Zone: time.UTC, Now: func() time.Time { return testNow }})
	directory := NewDirectory(db, refresher, names, time.UTC)
	directory.now = func() time.Time { return testNow }
	away := 2
	r.startLoader(LoaderConfig{DB: db, Touch: refresher, Facts: func(ctx context.Context, facts []Fact) error {
		if away--; away >= 0 {
			return errors.New("away")
		}
		return directory.Apply(ctx, facts)
	}})
	r.settle()
	require.NoError(t, refresher.Refresh(t.Context()))
	person := fmt.Sprintf("(SELECT person FROM identity FINAL WHERE hash = unhex('%x'))", names.Address("u-1"))
	require.EqualValues(t, 1, rows(t, db, "SELECT uniqExact(person) FROM identity FINAL WHERE hash IN (SELECT actor FROM events) OR person IN (SELECT person FROM people)"))
	require.EqualValues(t, 1, rows(t, db, "SELECT count() FROM membership WHERE unit = 'sales' AND first_day = '2026-11-02' AND person = "+person))
	require.EqualValues(t, 1, rows(t, db, "SELECT sum(contribute) FROM person_day WHERE person = "+person))
}
