package ingest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// factRig is a directory with the real refresher behind it.
type factRig struct {
	*directoryRig
	refresher *refresh.Refresher
	received  uint64
}

func newFactRig(t *testing.T) *factRig {
	r := newDirectoryRig(t)
	refresher := refresh.New(refresh.Config{DB: r.db, Zone: time.UTC, Now: r.now})
	r.toucher = refresher
	return &factRig{directoryRig: r, refresher: refresher}
}

func (r *factRig) hash(name string) adoption.Hash { return r.pseudonyms.Address(name) }

// post lets somebody post once on each of the days.
func (r *factRig) post(name string, dates ...string) {
	r.t.Helper()
	var events []adoption.Event
	for _, date := range dates {
		r.received++
		day, err := adoption.ParseDay(date)
		require.NoError(r.t, err)
		events = append(events, adoption.Event{Source: "s", ID: r.hash(fmt.Sprint(name, date)), Tool: "chat", Action: "post", Class: adoption.Contribute,
			Quantity: 1, Received: r.received, Actor: r.hash(name), Time: day.Time().Add(9 * time.Hour)})
	}
	require.NoError(r.t, InsertEvents(r.t.Context(), r.db, events, ""))
	require.NoError(r.t, r.refresher.Touch(r.t.Context(), factDays(events, time.UTC)...))
	require.NoError(r.t, r.refresher.Refresh(r.t.Context()))
}

// apply stores facts and brings the figures up to date; it tells whether they changed anything.
func (r *factRig) apply(facts ...Fact) (changed bool) {
	r.t.Helper()
	require.NoError(r.t, r.Apply(r.t.Context(), facts))
	settled, err := r.refresher.Settled(r.t.Context())
	require.NoError(r.t, err)
	require.NoError(r.t, r.refresher.Refresh(r.t.Context()))
	return !settled
}

// posts are how often each person posted, on all days, lowest first.
func (r *factRig) posts() []string {
	return r.dump(`toString(sum(contribute))]), '') FROM person_day WHERE (day, run) IN
		(SELECT day, max(run) FROM refreshed WHERE about = 'person_day' GROUP BY day) GROUP BY person ORDER BY sum(contribute)`)
}

func (r *factRig) day(date string) adoption.Day {
	day, err := adoption.ParseDay(date)
	require.NoError(r.t, err)
	return day
}

// TestTwoNamesOfOnePersonCountBackwards: a login is seen for days before a client tells whose it is.
func TestTwoNamesOfOnePersonCountBackwards(t *testing.T) {
	r := newFactRig(t)
	r.load("people", "email,unit,effective_from", "ada@x.de,sales,2026-06-01", "ben@x.de,sales,2026-06-01")
	r.post("u-1001", "2026-06-02", "2026-06-03")
	r.post("u-1001-old", "2026-06-03", "2026-06-04")
	r.post("ada@x.de", "2026-06-03")
	require.Equal(t, []string{"1", "2", "2"}, r.posts(), "three strangers")

	require.True(t, r.apply(Fact{Who: r.hash("u-1001"), Same: []adoption.Hash{r.hash("u-1001-old")}}))
	require.Equal(t, []string{"1", "4"}, r.posts())
	require.True(t, r.apply(Fact{Who: r.hash("u-1001-old"), Same: []adoption.Hash{r.hash("ada@x.de")}}))
	require.Equal(t, []string{"5"}, r.posts(), "the first login came along, though this fact does not name it")
	require.Equal(t, r.who("ada@x.de"), r.who("u-1001"))
	require.False(t, r.apply(Fact{Who: r.hash("u-1001"), Same: []adoption.Hash{r.hash("ada@x.de")}}), "known already")

	r.post("u-1001", "2026-06-05")
	require.Equal(t, []string{"6"}, r.posts())
	require.False(t, r.apply(Fact{Who: r.hash("new"), Same: []adoption.Hash{r.hash("u-1001")}}), "a name without events changes no day")
	require.Equal(t, r.who("ada@x.de"), r.who("new"))
	require.False(t, r.apply(Fact{Who: r.hash("u-1001"), Same: []adoption.Hash{r.hash("ben@x.de")}}))
	require.NotEqual(t, r.who("ada@x.de"), r.who("ben@x.de"), "two people of the directory stay two")
}

// TestAClientPlacesPeople: group calls are the directory of a company that has no other.
func TestAClientPlacesPeople(t *testing.T) {
	r := newFactRig(t)
	fact := Fact{Who: r.hash("ada@x.de"), Unit: "sales", UnitName: "Sales", From: r.day("2026-06-03")}
	require.True(t, r.apply(fact, Fact{Who: r.hash("ben@x.de"), Unit: "sales", From: r.day("2026-06-05")}))
	require.Equal(t, []string{"sales 1"}, r.sizes("2026-06-04"))
	require.Equal(t, []string{"sales 2"}, r.sizes("2026-06-05"))
	require.Equal(t, []string{"sales company Sales"}, r.dump(`unit, ' ', parent, ' ', name]), '') FROM units FINAL`))

	require.False(t, r.apply(fact))
	fact.From = r.day("2026-06-08")
	require.False(t, r.apply(fact), "she is there already")
	fact.Unit, fact.From = "it", r.day("2026-06-10")
	require.True(t, r.apply(fact))
	require.Equal(t, []string{"sales 2"}, r.sizes("2026-06-09"))
	require.Equal(t, []string{"it 1", "sales 1"}, r.sizes("2026-06-10"))

	r.load("units", "unit,parent,name,legacy_entity", "sales,it,Sales,Old Ltd")
	require.False(t, r.apply(Fact{Who: r.hash("ben@x.de"), Unit: "sales", UnitName: "Field sales", From: r.day("2026-06-12")}))
	require.Equal(t, []string{"sales it Field sales Old Ltd"}, r.dump(`unit, ' ', parent, ' ', name, ' ', legacy_entity]), '') FROM units FINAL WHERE unit = 'sales'`))

	r.load("people", "email,unit,effective_from,location,left_on", "cid@x.de,it,2026-06-01,Graz,2026-06-05")
	require.True(t, r.apply(Fact{Who: r.hash("cid@x.de"), Unit: "it", From: r.day("2026-06-11")}), "he is back")
	require.Equal(t, []string{"it 2026-06-01..2026-06-05", "it 2026-06-11..2149-06-05"}, r.memberships("cid@x.de"))
}

// TestFactsSurviveAFailure breaks each insert, before and after its rows are in: the repeat completes it.
func TestFactsSurviveAFailure(t *testing.T) {
	for broken := range 3 {
		for _, after := range []bool{false, true} {
			r := newFactRig(t)
			r.load("people", "email,unit,effective_from", "ada@x.de,sales,2026-06-01")
			r.post("u-1001", "2026-06-02", "2026-06-03")
			r.post("ada@x.de", "2026-06-03")
			facts := []Fact{{Who: r.hash("u-1001"), Same: []adoption.Hash{r.hash("ada@x.de"), r.hash("third")}},
				{Who: r.hash("third"), Unit: "it", UnitName: "IT", From: r.day("2026-06-04")}}
			good := r.Directory.db
			r.Directory.db = &brokenConn{Conn: good, left: broken, after: after}
			require.ErrorIs(t, r.Apply(t.Context(), facts), errBroken)
			require.NoError(t, r.refresher.Refresh(t.Context())) // a refresh between the two must not spoil it
			r.Directory.db = good
			r.apply(facts...)
			require.Equal(t, []string{"3"}, r.posts(), "%d %v", broken, after)
			require.Equal(t, []string{"it 1"}, r.sizes("2026-06-04"))
			require.Equal(t, []string{"sales 1"}, r.sizes("2026-06-03"))
		}
	}
}
