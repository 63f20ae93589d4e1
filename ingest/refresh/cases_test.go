package refresh_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// Cases worked out by hand, so that an error that tables and reference share is found, too.

// event is an event of a person with an id of its own.
func event(c *company, person uint64, tool, action, at string) adoption.Event {
	c.t.Helper()
	moment, err := time.Parse(time.RFC3339, at)
	require.NoError(c.t, err)
	class, ok := adoption.ClassOf(action)
	require.True(c.t, ok)
	c.ids++
	return adoption.Event{Source: "s", ID: hashOf(c.ids + 1<<50), Time: moment.UTC(), Tool: tool, Actor: hashOf(person),
		Action: action, Class: class, Quantity: 1}
}

// post lets events arrive one after the other.
func (c *company) post(events ...adoption.Event) {
	c.t.Helper()
	require.NoError(c.t, c.refresher.Touch(c.t.Context(), c.receive(events...)...))
}

// place puts people into a unit for good.
func (c *company) place(unit, from string, persons ...adoption.Person) {
	c.t.Helper()
	c.enrol(persons...)
	var rows []peopleRow
	for _, p := range persons {
		rows = append(rows, peopleRow{person: p, unit: unit, from: day(c.t, from), to: adoption.LastDay, left: adoption.LastDay})
	}
	require.NoError(c.t, c.refresher.Touch(c.t.Context(), c.direct(rows, nil)...))
}

func (c *company) license(person adoption.Person, tool, from, to string) {
	c.t.Helper()
	row := licenceRow{person, tool, day(c.t, from), day(c.t, to)}
	require.NoError(c.t, c.refresher.Touch(c.t.Context(), c.direct(nil, []licenceRow{row})...))
}

// One post on 1 April, today 10 May. 28 days that end with D hold 1 April for D = 1 to 28 April, not for 29 April;
// 7 days for D = 1 to 7; one day for D = 1.
func TestWindowEdges(t *testing.T) {
	c := open(t, "UTC", "2026-05-10")
	c.place("sales", "2026-01-01", 1, 2)
	c.post(event(c, 1, "wiki", "post", "2026-04-01T23:59:59Z"))
	f := c.read()
	at := func(d string) useCell { return f.use[cell{day(t, d), "sales", "wiki"}] }
	require.EqualValues(t, 1, at("2026-04-01").active1)
	require.EqualValues(t, 0, at("2026-04-02").active1)
	require.EqualValues(t, 1, at("2026-04-07").active7)
	require.EqualValues(t, 0, at("2026-04-08").active7)
	require.EqualValues(t, 1, at("2026-04-28").active28)
	require.Zero(t, at("2026-04-29"), "29 April − 27 = 2 April")
	require.EqualValues(t, 2, f.size[cell{day(t, "2026-04-29"), "sales", ""}])
	require.Equal(t, day(t, "2026-04-01"), f.days[0], "the first day of the month of the first event")
	require.Equal(t, day(t, "2026-05-10"), f.days[len(f.days)-1])
}

// The score of a person with 6 active days of 28 in one tool, 60 actions, a reply among them, no post:
// f = 6/12, d = min(10/5, 1) = 1, c = 1, b = 1: 100 · 0.5 · (0.50 + 0.25 + 0.15 + 0.10) = 50.
// In all tools together b = min(1/3, 1): 100 · 0.5 · (0.50 + 0.25 + 0.15 + 0.0333…) = 46.666….
// Somebody with one view on one day: 100 · 1/12 · (0.50 + 0.25 · 1/5 + 0 + 0.10) = 5.41666….
func TestScore(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.place("sales", "2026-01-01", 1, 2)
	for _, d := range []string{"02", "05", "08", "11", "14", "17"} {
		e := event(c, 1, "wiki", "view", "2026-04-"+d+"T12:00:00Z")
		if d == "08" {
			e.Action, e.Class = "reply", adoption.Respond
		}
		e.Quantity = 10
		c.post(e)
	}
	f := c.read()
	got := f.use[cell{day(t, "2026-04-20"), "sales", "wiki"}]
	require.InDelta(t, 50, got.score, 1e-9)
	require.Equal(t, useCell{active7: 1, active28: 1, activeDays: 6, responders: 1, score: got.score, actions: 60}, got)
	require.InDelta(t, 100*0.5*(0.90+0.1/3), f.use[cell{day(t, "2026-04-20"), "sales", "all"}].score, 1e-9)
	require.Zero(t, f.use[cell{day(t, "2026-04-20"), "sales", "all"}].actions, "they are added up over the tools that are shown")

	c.post(event(c, 2, "wiki", "view", "2026-04-20T12:00:00Z"))
	got = c.read().use[cell{day(t, "2026-04-20"), "sales", "wiki"}]
	require.InDelta(t, 50+100.0/12*(0.50+0.05+0.10), got.score, 1e-9)
	require.EqualValues(t, 1, got.consumers)
}

// Signing in makes nobody active, nor does quantity 0; both are events.
func TestNotActive(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.place("sales", "2026-01-01", 1, 2)
	none := event(c, 2, "wiki", "post", "2026-04-19T12:00:00Z")
	none.Quantity = 0
	c.post(event(c, 1, "wiki", "login", "2026-04-19T12:00:00Z"), none)
	f := c.read()
	require.Empty(t, f.use)
	require.Empty(t, f.first)
	require.EqualValues(t, 1, f.personDay[dayTool{day(t, "2026-04-19"), "wiki"}][1].access)
	require.NotContains(t, f.personDay[dayTool{day(t, "2026-04-19"), "wiki"}], adoption.Person(2))
	require.EqualValues(t, 2, f.sourceDay[sourceTool{day(t, "2026-04-19"), "s", "wiki"}].events)
}

// A licence covers its last day, too. Person 1 has one until 10 April, person 2 none, person 3 is nowhere.
// All three are active on 9 April.
func TestLicenceEndsInclusive(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.place("sales", "2026-01-01", 1, 2)
	c.enrol(3)
	c.license(1, "wiki", "2026-04-02", "2026-04-10")
	for person := range uint64(3) {
		c.post(event(c, person+1, "wiki", "post", "2026-04-09T12:00:00Z"))
	}
	f := c.read()
	for d, enabled := range map[string]uint64{"2026-04-01": 0, "2026-04-02": 1, "2026-04-10": 1, "2026-04-11": 0} {
		require.Equal(t, enabled, f.size[cell{day(t, d), "sales", "wiki"}], d)
		require.Equal(t, enabled, f.size[cell{day(t, d), "sales", "all"}], d)
		require.EqualValues(t, 2, f.size[cell{day(t, d), "sales", ""}], d)
	}
	on10, on11 := f.use[cell{day(t, "2026-04-10"), "sales", "wiki"}], f.use[cell{day(t, "2026-04-11"), "sales", "wiki"}]
	require.EqualValues(t, []uint64{1, 1}, []uint64{on10.active28, on10.notEnabled})
	require.EqualValues(t, []uint64{0, 2}, []uint64{on11.active28, on11.notEnabled})
	require.Equal(t, useCell{notEnabled: 1}, f.use[cell{day(t, "2026-04-11"), "unassigned", "all"}])

	// The first event of a tool that nobody needs a licence for makes "all" open: both members are enabled for it now, on
	// all days, and nobody counts.
	c.post(event(c, 3, "chat", "view", "2026-04-20T10:00:00Z"))
	f = c.read()
	require.NotContains(t, f.size, cell{day(t, "2026-04-05"), "sales", "all"})
	require.EqualValues(t, 2, f.use[cell{day(t, "2026-04-11"), "sales", "all"}].active28)
	// And its first licence closes it again.
	c.license(2, "chat", "2026-04-20", "2026-04-20")
	f = c.read()
	require.EqualValues(t, 1, f.size[cell{day(t, "2026-04-05"), "sales", "all"}])
	require.EqualValues(t, 0, f.use[cell{day(t, "2026-04-11"), "sales", "all"}].active28)
}

// Weeks of April 2026 begin on 6, 13, 20. Person 1 is in sales from 13 April to Sunday the 19th, then in legal.
// Active on 7 and 20 April.
func TestLifeCycleOfARunningWeek(t *testing.T) {
	c := open(t, "UTC", "2026-04-20") // a Monday: the last closed day is Sunday the 19th
	c.place("sales", "2026-04-13", 1)
	c.place("legal", "2026-04-20", 1)
	c.post(event(c, 1, "wiki", "post", "2026-04-07T09:00:00Z"), event(c, 1, "wiki", "post", "2026-04-20T09:00:00Z"))
	f := c.read()
	week := func(d, unit string) weekCell { return f.week[cell{day(t, d), unit, "wiki"}] }
	require.Zero(t, week("2026-04-06", "sales"), "on Sunday the 12th there was no membership")
	require.Equal(t, weekCell{dormant: 1}, week("2026-04-13", "sales"))
	require.Equal(t, weekCell{resurrected: 1}, week("2026-04-20", "sales"), "placed where the last closed day has them")
	require.Zero(t, week("2026-04-20", "legal"))

	c.setToday(day(t, "2026-04-21")) // Monday the 20th is closed now
	f = c.read()
	require.Zero(t, week("2026-04-20", "sales"))
	require.Equal(t, weekCell{resurrected: 1}, week("2026-04-20", "legal"))

	// A late event on 14 April: the week is no dormant one, and the next one no resurrection.
	c.post(event(c, 1, "wiki", "view", "2026-04-14T09:00:00Z"))
	f = c.read()
	require.Equal(t, weekCell{resurrected: 0, returning: 1}, week("2026-04-13", "sales"))
	require.Equal(t, weekCell{returning: 1}, week("2026-04-20", "legal"))

	// After two weeks of downtime the weeks in between are there.
	c.setToday(day(t, "2026-05-06"))
	f = c.read()
	require.Equal(t, weekCell{dormant: 1}, week("2026-04-27", "legal"))
	require.Zero(t, week("2026-05-04", "legal"))
	require.Equal(t, day(t, "2026-05-06"), f.days[len(f.days)-1])
}

// The first activity, ever, decides what new is: a late event moves it back, a correction takes it away.
func TestFirstActivityMoves(t *testing.T) {
	c := open(t, "UTC", "2026-05-20")
	c.place("sales", "2026-01-01", 1)
	c.post(event(c, 1, "wiki", "post", "2026-05-05T09:00:00Z"), event(c, 1, "chat", "post", "2026-05-12T09:00:00Z"))
	f := c.read()
	week := func(d, tool string) weekCell { return f.week[cell{day(t, d), "sales", tool}] }
	require.Equal(t, weekCell{new: 1}, week("2026-05-04", "wiki"))
	require.Equal(t, weekCell{new: 1}, week("2026-05-04", "all"))
	require.Equal(t, weekCell{new: 1}, week("2026-05-11", "chat"))
	require.Equal(t, weekCell{returning: 1}, week("2026-05-11", "all"))

	late := event(c, 1, "wiki", "post", "2026-03-04T09:00:00Z")
	c.post(late)
	f = c.read()
	require.Equal(t, weekCell{new: 1}, week("2026-03-02", "wiki"))
	require.Equal(t, weekCell{resurrected: 1}, week("2026-05-04", "wiki"))
	require.Equal(t, day(t, "2026-03-01"), f.days[0], "the figures reach back to the month of the first event")

	late.Quantity = 0 // a daily total, corrected
	c.post(late)
	f = c.read()
	require.Zero(t, week("2026-03-02", "wiki"))
	require.Equal(t, weekCell{new: 1}, week("2026-05-04", "wiki"))

	// Without what was done in the wiki, the first week of any tool is that of the chat, which itself has not changed.
	first := c.events[0]
	first.Quantity = 0
	c.post(first)
	f = c.read()
	require.Equal(t, weekCell{new: 1}, week("2026-05-11", "all"))
	require.NotContains(t, f.first, toolPerson{"wiki", 1})
}

// 23:30 UTC is 01:30 of the next day in Berlin; a correction of the same UTC day moves it across local midnight.
// Clocks go forward in the night to 29 March: that day begins at 23:00 UTC and ends at 22:00 UTC.
func TestDaysOfTheZone(t *testing.T) {
	c := open(t, "Europe/Berlin", "2026-04-03")
	c.place("sales", "2026-01-01", 1)
	e := event(c, 1, "wiki", "post", "2026-04-01T23:30:00Z")
	c.post(e)
	key := func(d string) dayTool { return dayTool{day(t, d), "wiki"} }
	f := c.read()
	require.Contains(t, f.personDay, key("2026-04-02"))
	require.NotContains(t, f.personDay, key("2026-04-01"))
	e.Time = e.Time.Add(-2 * time.Hour)
	c.post(e)
	f = c.read()
	require.Contains(t, f.personDay, key("2026-04-01"))
	require.NotContains(t, f.personDay, key("2026-04-02"))

	c.post(event(c, 1, "wiki", "post", "2026-03-28T22:59:59Z"), event(c, 1, "wiki", "post", "2026-03-28T23:00:00Z"),
		event(c, 1, "wiki", "post", "2026-03-29T21:59:59Z"), event(c, 1, "wiki", "post", "2026-03-29T22:00:00Z"))
	f = c.read()
	require.EqualValues(t, 1, f.personDay[key("2026-03-28")][1].contribute)
	require.EqualValues(t, 2, f.personDay[key("2026-03-29")][1].contribute)
	require.EqualValues(t, 1, f.personDay[key("2026-03-30")][1].contribute)

	dated := event(c, 1, "wiki", "post", "2026-03-25T00:00:00Z")
	dated.DateOnly = true
	c.post(dated)
	require.EqualValues(t, 1, c.read().personDay[key("2026-03-25")][1].contribute)

	// Another reporting zone cuts all days anew, a date without a time aside.
	honolulu, err := time.LoadLocation("Pacific/Honolulu")
	require.NoError(t, err)
	c.zone = honolulu
	c.restart(c.db)
	f = c.read()
	require.EqualValues(t, 2, f.personDay[key("2026-03-28")][1].contribute, "13:00 and 12:59:59 in Honolulu")
	require.NotContains(t, f.personDay, key("2026-03-30"))
	require.EqualValues(t, 1, f.personDay[key("2026-03-25")][1].contribute)
}

// Facts outlive raw events: days before the retention are never computed again, whatever is touched.
func TestFrozenFacts(t *testing.T) {
	c := open(t, "Europe/Berlin", "2026-06-20")
	c.place("sales", "2026-01-01", 1)
	c.post(event(c, 1, "wiki", "post", "2026-03-10T09:00:00Z"), event(c, 1, "wiki", "post", "2026-04-30T21:00:00Z"), event(c, 1, "wiki", "post", "2026-05-01T09:00:00Z"))
	before := c.read()

	kept := day(t, "2026-05-01")
	r := refresh.New(refresh.Config{DB: c.db, Zone: c.zone, Retention: func(adoption.Day) adoption.Day { return kept }, Now: func() time.Time { return c.now }})
	require.NoError(t, r.ForgetRaw(t.Context()))
	var months []string
	each(t, c.db, "SELECT DISTINCT toString(toYYYYMM(utc_day)) FROM events ORDER BY 1", func(scan func(...any) error) error {
		var month string
		err := scan(&month)
		months = append(months, month)
		return err
	})
	require.Equal(t, []string{"202604", "202605"}, months, "30 April in UTC reaches into 1 May in Berlin, so April stays")

	require.NoError(t, r.Touch(t.Context(), refresh.Span{Kind: refresh.Facts, From: 0, To: adoption.LastDay}))
	require.NoError(t, r.Refresh(t.Context()))
	require.Empty(t, difference(before, readFigures(t, c.db)))
	settled, err := r.Settled(t.Context())
	require.NoError(t, err)
	require.True(t, settled)
}
