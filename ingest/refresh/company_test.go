package refresh_test

import (
	"encoding/binary"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/ingest/refresh"
	"uptake/migrations"
)

// company is a small company whose arrivals go into a real database, as the loader and the directory write them, and
// into the reference's world.
type company struct {
	t         testing.TB
	db        driver.Conn
	refresher *refresh.Refresher
	now       time.Time
	received  uint64
	ids       uint64 // of events made so far
	movedFrom int    // see SetMovedFrom; 0: even a company as small as these
	world
}

func day(t testing.TB, text string) adoption.Day {
	t.Helper()
	d, err := adoption.ParseDay(text)
	require.NoError(t, err)
	return d
}

// open makes an empty company whose clock says noon of today.
func open(t testing.TB, zone, today string) *company {
	t.Helper()
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(t.Context(), db))
	loc, err := time.LoadLocation(zone)
	require.NoError(t, err)
	c := &company{t: t, db: db, world: world{zone: loc, identity: map[adoption.Hash]adoption.Person{}}, received: 1_700_000_000_000_000_000}
	c.setToday(day(t, today))
	c.restart(db)
	return c
}

func (c *company) setToday(d adoption.Day) {
	c.today = d
	c.now = d.Start(c.zone).Add(12 * time.Hour)
}

// restart is a new process on the same database.
func (c *company) restart(db driver.Conn) {
	c.refresher = refresh.New(refresh.Config{DB: db, Zone: c.zone, Now: func() time.Time { return c.now }, Log: slog.New(slog.DiscardHandler)})
	c.refresher.SetMovedFrom(c.movedFrom)
}

func hashOf(n uint64) (h adoption.Hash) {
	binary.BigEndian.PutUint64(h[8:], n)
	return h
}

// enrol gives persons their hashes, as a directory import does. Person p has the hashes p and, if aliased, p + 1000.
func (c *company) enrol(persons ...adoption.Person) {
	c.t.Helper()
	batch, err := c.db.PrepareBatch(c.t.Context(), "INSERT INTO identity (hash, person, version)")
	require.NoError(c.t, err)
	for _, p := range persons {
		for _, h := range []adoption.Hash{hashOf(uint64(p)), hashOf(uint64(p) + 1000)} {
			require.NoError(c.t, batch.Append(string(h[:]), uint64(p), uint64(1)))
		}
	}
	require.NoError(c.t, batch.Send())
}

// receive stores events, as the loader does, and returns the spans that it touches.
func (c *company) receive(events ...adoption.Event) []refresh.Span {
	c.t.Helper()
	batch, err := c.db.PrepareBatch(c.t.Context(), `INSERT INTO events (utc_day, source, id, time, date_only, tool, actor, action, class, object, object_type,
		container, counterparts, duration_s, quantity, attributes, received)`)
	require.NoError(c.t, err)
	var spans []refresh.Span
	for i := range events {
		e := &events[i]
		c.received += 1_000_000
		e.Received = c.received
		utc := adoption.DayOf(e.Time, time.UTC)
		require.NoError(c.t, batch.Append(utc.Time(), e.Source, string(e.ID[:]), e.Time, e.DateOnly, e.Tool, string(e.Actor[:]), e.Action, string(e.Class),
			"", "", "", hashTexts(e.Counterparts), e.Duration, e.Quantity, map[string]string{}, e.Received))
		from := min(utc, adoption.DayOf(utc.Time(), c.zone))
		to := max(utc, adoption.DayOf(utc.Time().Add(24*time.Hour-time.Millisecond), c.zone))
		spans = append(spans, refresh.Span{Kind: refresh.Facts, From: from, To: to})
	}
	require.NoError(c.t, batch.Send())
	c.events = append(c.events, events...)
	return spans
}

// direct stores rows of the directory and returns exactly the days on which somebody's unit or access differs, up to
// tomorrow, and today for a tool's first licence: what the directory touches.
func (c *company) direct(people []peopleRow, licences []licenceRow) []refresh.Span {
	c.t.Helper()
	before := world{people: c.people, licences: c.licences}
	c.people = append(c.people[:len(c.people):len(c.people)], people...)
	c.licences = append(c.licences[:len(c.licences):len(c.licences)], licences...)
	var spans []refresh.Span
	for d := c.today - 400; d <= c.today+1; d++ {
		differs := false
		for _, r := range people {
			differs = differs || before.placeOf(r.person, d) != c.placeOf(r.person, d)
		}
		for _, l := range licences {
			differs = differs || before.hasLicence(l.person, l.tool, d) != c.hasLicence(l.person, l.tool, d)
		}
		if differs {
			spans = append(spans, refresh.Span{Kind: refresh.KPI, From: d, To: d})
		}
	}
	if len(licences) > 0 {
		spans = append(spans, refresh.Span{Kind: refresh.KPI, From: c.today, To: c.today})
	}
	c.received += 1_000_000
	batch, err := c.db.PrepareBatch(c.t.Context(), "INSERT INTO people (person, effective_from, effective_to, unit, location, role, hired_on, left_on, version)")
	require.NoError(c.t, err)
	for i, r := range people {
		require.NoError(c.t, batch.Append(uint64(r.person), r.from.Time(), r.to.Time(), r.unit, r.location, r.role, r.hired.Time(), r.left.Time(), c.received+uint64(i)))
	}
	require.NoError(c.t, batch.Send())
	batch, err = c.db.PrepareBatch(c.t.Context(), "INSERT INTO licences (person, tool, first_day, last_day, version)")
	require.NoError(c.t, err)
	for i, l := range licences {
		require.NoError(c.t, batch.Append(uint64(l.person), l.tool, l.from.Time(), l.to.Time(), c.received+uint64(i)))
	}
	require.NoError(c.t, batch.Send())
	return spans
}

// expected is the reference's answer, with the persons that the database has drawn for unknown actors.
func (c *company) expected() *figures {
	c.t.Helper()
	c.identity = readIdentity(c.t, c.db)
	return c.compute()
}

// read refreshes, compares every table with the reference and returns them.
func (c *company) read() *figures {
	c.t.Helper()
	require.NoError(c.t, c.refresher.Refresh(c.t.Context()))
	settled, err := c.refresher.Settled(c.t.Context())
	require.NoError(c.t, err)
	require.True(c.t, settled)
	got := readFigures(c.t, c.db)
	if d := difference(c.expected(), got); d != "" {
		c.t.Fatalf("tables differ from the reference (-reference +tables):\n%s", d)
	}
	return got
}

// mustEqual is read for those who need no figure of it.
func (c *company) mustEqual() {
	c.t.Helper()
	c.read()
}

var actions = []string{"post", "reply", "share", "meet", "view", "login", "view", "edit"}

// chance makes hostile arrivals. Ids come from a small pool, so that events are sent again and corrected.
type chance struct {
	*rand.Rand
	c       *company
	persons int
	tools   []string
	back    int // how many days events and directory rows reach back
}

func (r *chance) pick(n int) adoption.Day { return adoption.Day(r.IntN(n)) }

func (r *chance) event() adoption.Event {
	d := r.c.today - r.pick(r.back)
	if r.IntN(3) == 0 {
		d = r.c.today - r.pick(3)
	}
	at := d.Start(r.c.zone).Add(time.Duration(r.IntN(86_400_000)) * time.Millisecond)
	if r.IntN(3) == 0 { // around midnight, where zones and corrections bite
		at = d.Start(r.c.zone).Add(time.Duration(r.IntN(4_000_000)-2_000_000) * time.Millisecond)
	}
	if at.After(r.c.now) {
		at = r.c.now.Add(-time.Duration(r.IntN(3600)) * time.Second)
	}
	e := adoption.Event{
		Source: []string{"a", "b"}[r.IntN(2)], ID: hashOf(uint64(r.IntN(1 << 40))), Time: at.UTC().Truncate(time.Millisecond),
		Tool: r.tools[r.IntN(len(r.tools))], Actor: r.actor(), Action: actions[r.IntN(len(actions))],
		Duration: uint32(r.IntN(3) * 60), Quantity: []uint64{1, 1, 1, 2, 7, 40, 0}[r.IntN(7)],
	}
	e.Class, _ = adoption.ClassOf(e.Action)
	for range r.IntN(4) {
		e.Counterparts = append(e.Counterparts, r.actor()) // the actor among them, and one person twice
	}
	if r.IntN(5) == 0 { // nobody knows what it means: it must change no figure, whatever tool and person it names
		e.Action, e.Class = []string{"Page Archived", "it's \\ odd"}[r.IntN(2)], adoption.UnknownUse
		e.Tool = []string{"", "unheard", r.tools[0]}[r.IntN(3)]
	}
	if r.IntN(6) == 0 {
		e.DateOnly, e.Time = true, adoption.DayOf(e.Time, time.UTC).Time()
	}
	return e
}

// actor is a member under one of two addresses, or somebody unknown.
func (r *chance) actor() adoption.Hash {
	switch r.IntN(8) {
	case 0:
		return hashOf(uint64(5000 + r.IntN(4)))
	case 1:
		return hashOf(uint64(1001 + r.IntN(r.persons)))
	}
	return hashOf(uint64(1 + r.IntN(r.persons)))
}

// correction is another version of an event that has arrived: any part but the identity may differ.
func (r *chance) correction() adoption.Event {
	if len(r.c.events) == 0 {
		return r.event()
	}
	old := r.c.events[r.IntN(len(r.c.events))]
	if r.IntN(3) == 0 {
		return old // sent again
	}
	e := r.event()
	e.Source, e.ID, e.DateOnly, e.Time = old.Source, old.ID, old.DateOnly, old.Time
	if r.IntN(2) == 0 {
		e.Tool, e.Actor = old.Tool, old.Actor
	}
	if !old.DateOnly && r.IntN(2) == 0 { // at another time of the same UTC day: perhaps on another day here
		e.Time = adoption.DayOf(old.Time, time.UTC).Time().Add(time.Duration(r.IntN(86_400_000)) * time.Millisecond)
		if e.Time.After(r.c.now) {
			e.Time = old.Time
		}
	}
	return e
}

func (r *chance) person() adoption.Person { return adoption.Person(1 + r.IntN(r.persons)) }

func (r *chance) peopleRow() peopleRow {
	row := peopleRow{person: r.person(), unit: []string{"north", "south", "company", "it's \\ odd"}[r.IntN(4)],
		from: r.c.today + 10 - r.pick(r.back+10), to: adoption.LastDay, left: adoption.LastDay}
	if len(r.c.people) > 0 && r.IntN(3) == 0 {
		row.person, row.from = r.c.people[r.IntN(len(r.c.people))].person, r.c.people[r.IntN(len(r.c.people))].from
	}
	switch r.IntN(5) {
	case 0:
		row.to = row.from + r.pick(60)
	case 1:
		row.left = row.from + r.pick(90) - 5
	}
	row.location, row.role = []string{"", "Berlin", "it's \\ odd"}[r.IntN(3)], []string{"", "Berlin", "clerk"}[r.IntN(3)]
	row.hired = []adoption.Day{0, 14_609, 14_610, 18_262}[r.IntN(4)] // unknown, 2009-12-31, 2010-01-01, 2020-01-01
	return row
}

func (r *chance) licenceRow() licenceRow {
	row := licenceRow{person: r.person(), tool: r.tools[r.IntN(2)], from: r.c.today + 10 - r.pick(r.back+10), to: adoption.LastDay}
	if len(r.c.licences) > 0 && r.IntN(3) == 0 {
		row = r.c.licences[r.IntN(len(r.c.licences))]
	}
	if r.IntN(2) == 0 {
		row.to = row.from + r.pick(60)
	}
	return row
}
