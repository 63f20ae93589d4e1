package refresh_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// unknownOf is an event that is known by its name only.
func unknownOf(c *company, person uint64, tool, name, at string) adoption.Event {
	e := event(c, person, "wiki", "view", at)
	e.Tool, e.Action, e.Class = tool, name, adoption.UnknownUse
	return e
}

// A name that nobody knows is counted and changes no figure: no use, no tool, no source's day, no first day, nobody's
// access. When its meaning is known, the same record is use.
func TestUnknownNames(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.place("sales", "2026-01-01", 1)
	c.license(1, "wiki", "2026-01-01", "2026-12-31")
	c.post(event(c, 1, "wiki", "post", "2026-04-19T12:00:00Z"))
	before := c.read()
	archived := unknownOf(c, 7, "unheard", "Page Archived", "2026-03-02T12:00:00Z")
	c.post(archived, unknownOf(c, 1, "", "Page Archived", "2026-03-02T13:00:00Z"), unknownOf(c, 1, "wiki", "Poll Answered", "2026-04-18T12:00:00Z"))
	after := c.read()
	require.Equal(t, map[sourceName]uint64{{day(t, "2026-03-02"), "s", "Page Archived"}: 2, {day(t, "2026-04-18"), "s", "Poll Answered"}: 1}, after.unknown)
	require.NotContains(t, readIdentity(t, c.db), hashOf(7), "nothing is to be known of the person yet")
	after.unknown = before.unknown
	require.Empty(t, difference(before, after))

	none := archived
	none.Quantity = 0 // a rule says meanwhile that it means nothing
	c.post(none)
	require.EqualValues(t, 1, c.read().unknown[sourceName{day(t, "2026-03-02"), "s", "Page Archived"}])

	archived.Tool, archived.Action, archived.Class = "wiki", "edit", adoption.Contribute
	c.post(archived)
	f := c.read()
	require.EqualValues(t, 1, f.unknown[sourceName{day(t, "2026-03-02"), "s", "Page Archived"}])
	require.EqualValues(t, 1, f.use[cell{day(t, "2026-03-02"), "unassigned", "wiki"}].notEnabled)
}
