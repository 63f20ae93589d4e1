// Package cases_test asks questions of small companies whose every figure was worked out by hand: directory files go
// through the real import, events through the real insert, figures through the real refresh, and what is asserted are
// rows of answers.
package cases_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/ingest"
	"uptake/ingest/refresh"
	"uptake/migrations"
	"uptake/query"
	"uptake/query/querytest"
)

func TestMain(m *testing.M) { clickhousetest.Main(m) }

// company is one whose story a test tells line by line. No group of it is too small to be shown (MinGroup 1): what is
// hidden has tests of its own, and the sums of a company of three can be checked in one's head.
type company struct {
	t          testing.TB
	db         driver.Conn
	zone       *time.Location
	now        time.Time
	pseudonyms *ingest.Pseudonymiser
	directory  *ingest.Directory
	refresher  *refresh.Refresher
	query      *query.Company
	events     int
}

// open is an empty company in a zone, at noon of today.
func open(t testing.TB, zone, today string) *company {
	t.Helper()
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(t.Context(), db))
	c := &company{t: t, db: db, pseudonyms: ingest.NewPseudonymiser([]byte("a secret for tests"))}
	c.inZone(zone, today)
	return c
}

// inZone is a process that starts with a reporting zone, at noon of today.
func (c *company) inZone(zone, today string) {
	c.t.Helper()
	var err error
	c.zone, err = time.LoadLocation(zone)
	require.NoError(c.t, err)
	c.at(today)
	clock := func() time.Time { return c.now }
	c.refresher = refresh.New(refresh.Config{DB: c.db, Zone: c.zone, Now: clock, Log: slog.New(slog.DiscardHandler)})
	c.directory = ingest.NewDirectory(c.db, c.refresher, c.pseudonyms, c.zone)
	c.query = &query.Company{DB: c.db, Zone: c.zone, MinGroup: 1, Now: clock, Freshness: c.refresher}
}

// at lets the time go on to noon of a day.
func (c *company) at(today string) {
	c.t.Helper()
	d, err := adoption.ParseDay(today)
	require.NoError(c.t, err)
	c.now = d.Start(c.zone).Add(12 * time.Hour)
}

// units, people and licences import lines of the directory's files.
func (c *company) units(lines ...string) { c.file("units", "unit,parent,name,legacy_entity", lines) }
func (c *company) people(lines ...string) {
	c.file("people", "email,unit,effective_from,effective_to,left_on", lines)
}
func (c *company) licences(lines ...string) { c.file("licences", "email,tool,from,to", lines) }

func (c *company) file(kind, header string, lines []string) {
	c.t.Helper()
	columns := strings.Count(header, ",")
	file := header + "\n"
	for _, line := range lines {
		file += line + strings.Repeat(",", columns-strings.Count(line, ",")) + "\n"
	}
	_, err := c.directory.Import(c.t.Context(), kind, strings.NewReader(file), true)
	require.NoError(c.t, err)
}

// did takes lines of "WHEN WHO TOOL ACTION [QUANTITY]". WHEN is an instant as in RFC 3339, or a date without a time.
func (c *company) did(lines ...string) {
	c.t.Helper()
	events := make([]adoption.Event, len(lines))
	var spans []refresh.Span
	for i, line := range lines {
		events[i] = c.event(strings.Fields(line))
		utc := adoption.DayOf(events[i].Time, time.UTC) // every reporting day that this UTC day has a part in
		from, to := adoption.DayOf(utc.Time(), c.zone), adoption.DayOf((utc+1).Time().Add(-1), c.zone)
		spans = append(spans, refresh.Span{Kind: refresh.Facts, From: min(utc, from), To: max(utc, to)})
	}
	require.NoError(c.t, ingest.InsertEvents(c.t.Context(), c.db, events, ""))
	require.NoError(c.t, c.refresher.Touch(c.t.Context(), spans...))
}

func (c *company) event(words []string) adoption.Event {
	c.t.Helper()
	require.GreaterOrEqual(c.t, len(words), 4, words)
	when, err := time.Parse(time.RFC3339, words[0])
	dateOnly := err != nil
	if dateOnly {
		when, err = time.Parse(time.DateOnly, words[0])
		require.NoError(c.t, err)
	}
	class, known := adoption.ClassOf(words[3])
	require.True(c.t, known, words[3])
	quantity := uint64(1)
	if len(words) > 4 {
		quantity, err = strconv.ParseUint(words[4], 10, 64)
		require.NoError(c.t, err)
	}
	c.events++
	return adoption.Event{Source: "s", ID: c.pseudonyms.ID("s", strconv.Itoa(c.events)), Time: when.UTC(), DateOnly: dateOnly, Tool: words[2],
		Actor: c.pseudonyms.Address(words[1]), Action: words[3], Class: class, Quantity: quantity, Received: uint64(c.events)}
}

// settle lets the figures catch up.
func (c *company) settle() {
	c.t.Helper()
	require.NoError(c.t, c.refresher.Refresh(c.t.Context()))
	settled, err := c.refresher.Settled(c.t.Context())
	require.NoError(c.t, err)
	require.True(c.t, settled)
}

// answers are what can be asked of a company, by the last word of its path in the API.
var answers = map[string]func(context.Context, *query.Company, url.Values) (any, error){
	"actions":       answer(query.ParseActions, (*query.Company).Actions),
	"adoption":      answer(query.ParseAdoption, (*query.Company).Adoption),
	"lifecycle":     answer(query.ParseLifecycle, (*query.Company).Lifecycle),
	"pyramid":       answer(query.ParseAdoption, (*query.Company).Pyramid),
	"seats":         answer(query.ParseSeats, (*query.Company).Seats),
	"first-use":     answer(query.ParseAdoption, (*query.Company).FirstUse),
	"diffusion":     answer(query.ParseDiffusion, (*query.Company).Diffusion),
	"habits":        answer(query.ParseAdoption, (*query.Company).Habits),
	"depth":         answer(query.ParseAdoption, (*query.Company).Depth),
	"concentration": answer(query.ParseAdoption, (*query.Company).Concentration),
	"retention":     answer(query.ParseRetention, (*query.Company).Retention),
	"collaboration": answer(query.ParseCollaboration, (*query.Company).Collaboration),
	"by":            answer(query.ParseBy, (*query.Company).By),
	"compare":       answer(query.ParseCompare, (*query.Company).Compare),
	"units":         listed((*query.Company).Units),
	"tools":         listed((*query.Company).Tools),
	"trust":         listed((*query.Company).Trust),
}

func answer[Q, A any](parse func(url.Values, adoption.Day) (Q, error), ask func(*query.Company, context.Context, Q) (A, error)) func(context.Context, *query.Company, url.Values) (any, error) {
	return func(ctx context.Context, company *query.Company, values url.Values) (any, error) {
		q, err := parse(values, company.Today())
		if err != nil {
			return nil, err
		}
		return ask(company, ctx, q)
	}
}

func listed[A any](list func(*query.Company, context.Context) (A, error)) func(context.Context, *query.Company, url.Values) (any, error) {
	return func(ctx context.Context, company *query.Company, _ url.Values) (any, error) {
		return list(company, ctx)
	}
}

// ask is an answer as the API gives it. params is written as in an address: "unit=sales&children=1".
func (c *company) ask(what, params string) []byte {
	c.t.Helper()
	values, err := url.ParseQuery(params)
	require.NoError(c.t, err)
	got, err := answers[what](c.t.Context(), c.query, values)
	require.NoError(c.t, err, "%s?%s", what, params)
	text, err := json.Marshal(got)
	require.NoError(c.t, err)
	return text
}

// on demands the rows of an answer about one day: "adoption?tool=wiki&children=1".
func (c *company) on(date, question, table string) {
	c.t.Helper()
	what, params, _ := strings.Cut(question, "?")
	rows := querytest.Rows(c.t, c.ask(what, fmt.Sprintf("from=%[1]s&to=%[1]s&%[2]s", date, params)), "rows")
	querytest.Table(c.t, table, rows)
}

// rows demands the rows of an answer to a question with its own dates.
func (c *company) rows(question, table string) {
	c.t.Helper()
	what, params, _ := strings.Cut(question, "?")
	list := "rows"
	if what == "units" {
		list = "units"
	}
	querytest.Table(c.t, table, querytest.Rows(c.t, c.ask(what, params), list))
}

// figures demands those figures of a comparison that the table's first column names.
func (c *company) figures(params, table string) {
	c.t.Helper()
	var named []querytest.Row
	all := querytest.Rows(c.t, c.ask("compare", params), "figures")
	for line := range strings.Lines(table) {
		for _, figure := range all {
			if words := strings.Fields(line); len(words) > 0 && words[0] == figure["key"] {
				named = append(named, figure)
			}
		}
	}
	querytest.Table(c.t, table, named)
}

// reconcile asserts that all totals are right from a day to another.
func (c *company) reconcile(from, to string) {
	c.t.Helper()
	querytest.Reconcile(c.t, func(what string, params url.Values) []byte { return c.ask(what, params.Encode()) }, from, to)
}
