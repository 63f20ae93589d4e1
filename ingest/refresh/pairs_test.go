package refresh_test

import (
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// pairDay is a day, a tool, who acted and towards whom.
type pairDay struct {
	day           adoption.Day
	tool          string
	person, other adoption.Person
}

// unitPair is a day, a tool, and the units that the two are in.
type unitPair struct {
	day            adoption.Day
	tool, from, to string
}

// countPairs counts the interactions of an event: its quantity with each other person that it names.
func (w *world) countPairs(f *figures, e adoption.Event, day adoption.Day) {
	if !e.Class.Active() || e.Quantity == 0 {
		return
	}
	others := map[adoption.Person]bool{}
	for _, hash := range e.Counterparts {
		others[w.identity[hash]] = true
	}
	delete(others, w.identity[e.Actor])
	for other := range others {
		f.pairDay[pairDay{day, e.Tool, w.identity[e.Actor], other}] += e.Quantity
	}
}

// placePairs counts those of the days with figures between the units in which the two are placed.
func (w *world) placePairs(f *figures) {
	for p, interactions := range f.pairDay {
		from, to := w.unitOf(p.person, p.day), w.unitOf(p.other, p.day)
		if from != "" && to != "" && p.day >= w.horizon && p.day <= w.today {
			f.pair[unitPair{p.day, p.tool, from, to}] += interactions
		}
	}
}

// readPairs reads the tables of pairs as readers do.
func readPairs(t testing.TB, db driver.Conn, f *figures) {
	t.Helper()
	each(t, db, `SELECT day, tool, person, other, interactions FROM pair_day`+seen+`pair_day' GROUP BY day)`, func(scan func(...any) error) error {
		var day time.Time
		var tool string
		var person, other, interactions uint64
		err := scan(&day, &tool, &person, &other, &interactions)
		key := pairDay{dayOf(day), tool, adoption.Person(person), adoption.Person(other)}
		require.NotContains(t, f.pairDay, key)
		f.pairDay[key] = interactions
		return err
	})
	each(t, db, `SELECT day, tool, from_unit, to_unit, interactions FROM kpi_pair`+seen+`kpi_pair' GROUP BY day)`, func(scan func(...any) error) error {
		var day time.Time
		var p unitPair
		var interactions uint64
		err := scan(&day, &p.tool, &p.from, &p.to, &interactions)
		p.day = dayOf(day)
		require.NotContains(t, f.pair, p)
		f.pair[p] = interactions
		return err
	})
}

func hashTexts(hashes []adoption.Hash) []string {
	texts := []string{}
	for _, h := range hashes {
		texts = append(texts, string(h[:]))
	}
	return texts
}

// Person 1 is in sales until 9 April and in legal from the 10th, 2 in legal, 3 and 4 nowhere. On 9 April 1 mails 2 under
// both addresses, 3 and himself, three times each: three interactions with 2, three with 3. On the 10th 2 likes
// what 1 wrote, views it and signs in: two interactions.
func TestInteractionsOfADay(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.enrol(3, 4)
	c.place("legal", "2026-01-01", 2)
	c.place("sales", "2026-01-01", 1)
	c.place("legal", "2026-04-10", 1)
	mail := event(c, 1, "mail", "send", "2026-04-09T10:00:00Z")
	mail.Quantity = 3
	mail.Counterparts = []adoption.Hash{hashOf(2), hashOf(1002), hashOf(2), hashOf(3), hashOf(1), hashOf(1001)}
	like, view, login, none := event(c, 2, "mail", "like", "2026-04-10T10:00:00Z"), event(c, 1002, "mail", "view", "2026-04-10T11:00:00Z"),
		event(c, 2, "mail", "login", "2026-04-10T12:00:00Z"), event(c, 2, "mail", "send", "2026-04-10T13:00:00Z")
	none.Quantity = 0
	for _, e := range []*adoption.Event{&like, &view, &login, &none} {
		e.Counterparts = []adoption.Hash{hashOf(1001)}
	}
	c.post(mail, like, view, login, none)
	f := c.read()
	on9, on10 := day(t, "2026-04-09"), day(t, "2026-04-10")
	require.Equal(t, map[pairDay]uint64{{on9, "mail", 1, 2}: 3, {on9, "mail", 1, 3}: 3, {on10, "mail", 2, 1}: 2}, f.pairDay)
	require.Equal(t, map[unitPair]uint64{{on9, "mail", "sales", "legal"}: 3, {on10, "mail", "legal", "legal"}: 2}, f.pair)

	// The directory learns later where 3 was, and that 2 came on the 10th only: the events of the 9th are not looked at
	// again, and neither is placed wrongly.
	require.NoError(t, c.db.Exec(t.Context(), "TRUNCATE TABLE events"))
	c.place("north", "2026-04-09", 3)
	f = c.readAlone()
	require.Equal(t, map[unitPair]uint64{{on9, "mail", "sales", "legal"}: 3, {on9, "mail", "sales", "north"}: 3, {on10, "mail", "legal", "legal"}: 2}, f.pair)
}

// readAlone refreshes and reads the tables without comparing: the events are gone.
func (c *company) readAlone() *figures {
	c.t.Helper()
	require.NoError(c.t, c.refresher.Refresh(c.t.Context()))
	return readFigures(c.t, c.db)
}

// Somebody who is only ever addressed is a person, too: when the directory comes to know him later, the interactions are
// there, without the events being read again.
func TestAddressedBeforeKnown(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.place("sales", "2026-01-01", 1)
	mail := event(c, 1, "mail", "send", "2026-04-09T10:00:00Z")
	mail.Counterparts = []adoption.Hash{hashOf(77)}
	c.post(mail)
	require.Empty(t, c.read().pair, "an end that is in no unit")
	person := readIdentity(t, c.db)[hashOf(77)]
	require.NotZero(t, person)
	require.NoError(t, c.refresher.Touch(t.Context(), c.direct([]peopleRow{
		{person: person, unit: "legal", from: day(t, "2026-04-01"), to: adoption.LastDay, left: adoption.LastDay}}, nil)...))
	require.Equal(t, map[unitPair]uint64{{day(t, "2026-04-09"), "mail", "sales", "legal"}: 1}, c.read().pair)
}

// A database that an earlier version of the program has filled has no pairs: they are counted for the days whose events
// are kept, without anything being touched.
func TestPairsOfAnEarlierVersion(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.place("sales", "2026-01-01", 1, 2)
	mail := event(c, 1, "mail", "send", "2026-04-09T10:00:00Z")
	mail.Counterparts = []adoption.Hash{hashOf(2)}
	c.post(mail)
	before := c.read()
	require.Len(t, before.pair, 1)
	for _, sql := range []string{"TRUNCATE TABLE pair_day", "TRUNCATE TABLE kpi_pair", "DELETE FROM refreshed WHERE about IN ('pair_day', 'kpi_pair')"} {
		require.NoError(t, c.db.Exec(t.Context(), sql))
	}
	c.restart(c.db)
	require.Empty(t, difference(before, c.read()))
}
