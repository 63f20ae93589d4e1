package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/mapping"
	"uptake/ingest/refresh"
)

// remapRig is a house whose figures are computed, and a source with events that nobody knows.
type remapRig struct {
	*rig
	db        driver.Conn
	refresher *refresh.Refresher
}

func openRemapRig(t *testing.T) *remapRig {
	db := testDB(t)
	refresher := refresh.New(refresh.Config{DB: db, Now: func() time.Time { return testNow }})
	r := &remapRig{db: db, refresher: refresher, rig: openRig(t, rigConfig{loader: LoaderConfig{DB: db, Touch: refresher}})}
	return r
}

// calls sends calls of Segment's clients: name, day and id of each.
func (r *remapRig) calls(calls ...string) {
	r.t.Helper()
	var all []string
	for i := 0; i < len(calls); i += 3 {
		all = append(all, fmt.Sprintf(`{"type":"track","event":%q,"messageId":%q,"userId":"ann@example.com","timestamp":"%sT09:30:00.123Z","properties":{"page_id":"7"}}`, calls[i], calls[i+2], calls[i+1]))
	}
	answer, err := r.door.receive(r.t.Context(), &visitor{grant: Grant{Name: "feed", Kind: SourceToken}, place: r.place()}, forms["/v1/batch"], &input{body: []byte(batchOf(all...))})
	require.NoError(r.t, err)
	require.Empty(r.t, answer.Rejected)
	r.settle()
}

func (r *remapRig) place() *place {
	p, err := r.door.fair.enter(r.t.Context(), "feed")
	require.NoError(r.t, err)
	r.t.Cleanup(p.leave)
	return p
}

func (r *remapRig) remap(db driver.Conn, set *mapping.Set) (*Remapped, error) {
	m := Remapper{DB: db, Touch: r.refresher, Zone: time.UTC, Kept: 0}
	return m.Remap(r.t.Context(), "feed", set.Of("feed"), func(int, int) {})
}

// facts is the figures of unknown names and of tools, as readers see them.
func (r *remapRig) facts() (unknown, tools string) {
	r.t.Helper()
	require.NoError(r.t, r.refresher.Refresh(r.t.Context()))
	const seen = ` WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = '%s' GROUP BY day)`
	read := func(sql, about string) (text string) {
		require.NoError(r.t, r.db.QueryRow(r.t.Context(), "SELECT arrayStringConcat(arraySort(groupArray(line)), ', ') FROM ("+sql+fmt.Sprintf(seen, about)+")").Scan(&text))
		return text
	}
	return read("SELECT concat(toString(day), ' ', name, ' ', toString(events)) AS line FROM unknown_day", "unknown_day"),
		read("SELECT concat(toString(day), ' ', tool, ' ', toString(events)) AS line FROM source_day", "source_day")
}

const remapRules = `
tool: wiki
events:
  - {name: Page Saved, action: edit, object_type: page, object_from: properties.page_id}
  - {name: Poll *, action: vote, class: respond, tool: polls}
  - {name: Ping, ignore: true}
  - {name: Draft, when: {properties.kind: x}, action: edit}
`

// Stored events get the meaning that a rule has for their names, once, however often it is asked for; what the client
// sends again replaces them as ever.
func TestRemap(t *testing.T) {
	r := openRemapRig(t)
	r.calls("Page Saved", "2026-11-02", "1", "Page Saved", "2026-11-03", "2", "Poll Answered", "2026-11-02", "3", "Ping", "2026-11-02", "4",
		"Draft", "2026-11-02", "5", "Nobody's", "2026-10-02", "6", "edit", "2026-10-02", "7", "Page Saved", "2026-11-02", "1")
	unknown, tools := r.facts()
	require.Equal(t, "2026-10-02 Nobody's 1, 2026-10-02 edit 1, 2026-11-02 Draft 1, 2026-11-02 Page Saved 1, 2026-11-02 Ping 1, 2026-11-02 Poll Answered 1, 2026-11-03 Page Saved 1", unknown)
	require.Empty(t, tools)

	set := mapped(t, "feed", remapRules)
	got, err := r.remap(r.db, set)
	require.NoError(t, err)
	require.Equal(t, &Remapped{Known: 4, Ignored: 1, Left: 2, Days: 3, Names: []Fate{
		{Name: "Page Saved", Events: 2, Now: "known", Action: "edit", Class: "contribute", ToTool: "wiki", Note: "without object: properties.page_id was not kept"},
		{Name: "Draft", Events: 1, Now: "unknown", Note: "the rule on line 7 needs properties.kind, which was not kept"},
		{Name: "Nobody's", Events: 1, Now: "unknown"},
		{Name: "Ping", Events: 1, Now: "ignored"},
		{Name: "Poll Answered", Events: 1, Now: "known", Action: "vote", Class: "respond", ToTool: "polls"},
		{Name: "edit", Events: 1, Now: "known", Action: "edit", Class: "contribute", ToTool: "wiki"},
	}}, got)
	unknown, tools = r.facts()
	require.Equal(t, "2026-10-02 Nobody's 1, 2026-11-02 Draft 1", unknown)
	require.Equal(t, "2026-10-02 wiki 1, 2026-11-02 polls 1, 2026-11-02 wiki 1, 2026-11-03 wiki 1", tools)

	got, err = r.remap(r.db, set)
	require.NoError(t, err)
	require.Equal(t, []uint64{0, 0, 2, 0}, []uint64{got.Known, got.Ignored, got.Left, uint64(got.Days)})
	settled, err := r.refresher.Settled(t.Context())
	require.NoError(t, err)
	require.True(t, settled, "a repeat touches nothing")

	// Sent again by the client, now that the door has the rules: the same record, with its object.
	r.door.cfg.Mappings = set
	r.door.workers.New = func() any { return newWorker(r.door.cfg) }
	for range 4 { // also past the workers that were made before
		_ = r.door.workers.Get()
	}
	r.calls("Page Saved", "2026-11-03", "2")
	_, tools = r.facts()
	require.Equal(t, "2026-10-02 wiki 1, 2026-11-02 polls 1, 2026-11-02 wiki 1, 2026-11-03 wiki 1", tools)
	var told uint64
	require.NoError(t, r.db.QueryRow(t.Context(), "SELECT count() FROM events FINAL WHERE class = 'contribute' AND object != ''").Scan(&told))
	require.EqualValues(t, 1, told)

	// The rule for Ping is taken back.
	got, err = r.remap(r.db, mapped(t, "feed", "tool: wiki"))
	require.NoError(t, err)
	require.EqualValues(t, 3, got.Left)
	unknown, _ = r.facts()
	require.Equal(t, "2026-10-02 Nobody's 1, 2026-11-02 Draft 1, 2026-11-02 Ping 1", unknown)
}

// A statement of which nobody knows whether it has run leaves no figure behind that is wrong and believed.
func TestRemapFails(t *testing.T) {
	for _, runs := range []bool{false, true} {
		r := openRemapRig(t)
		r.calls("Page Saved", "2026-11-02", "1")
		_, _ = r.facts()
		_, err := r.remap(&failsRemap{r.db, runs}, mapped(t, "feed", remapRules))
		require.ErrorIs(t, err, errRemap)
		_, tools := r.facts()
		require.Equal(t, map[bool]string{false: "", true: "2026-11-02 wiki 1"}[runs], tools)
		_, err = r.remap(r.db, mapped(t, "feed", remapRules))
		require.NoError(t, err)
		_, tools = r.facts()
		require.Equal(t, "2026-11-02 wiki 1", tools)
	}
}

var errRemap = errors.New("the connection broke")

// failsRemap is a store that breaks when events are rewritten, before or after it has done so.
type failsRemap struct {
	driver.Conn
	runs bool
}

func (f *failsRemap) Exec(ctx context.Context, sql string, args ...any) error {
	if f.runs {
		if err := f.Conn.Exec(ctx, sql, args...); err != nil {
			return err
		}
	}
	return errRemap
}

// Frozen days stay as they are, and so do other sources.
func TestRemapLeavesOthers(t *testing.T) {
	r := openRemapRig(t)
	r.calls("Page Saved", "2026-10-02", "1", "Page Saved", "2026-11-02", "2")
	m := Remapper{DB: r.db, Touch: r.refresher, Zone: time.UTC, Kept: adoption.DayOf(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), time.UTC)}
	set := mapped(t, "feed", remapRules, "other", remapRules)
	got, err := m.Remap(t.Context(), "other", set.Of("other"), func(int, int) {})
	require.NoError(t, err)
	require.Equal(t, &Remapped{Names: []Fate{}}, got)
	var told []string
	got, err = m.Remap(t.Context(), "feed", set.Of("feed"), func(days, of int) { told = append(told, fmt.Sprint(days, "/", of)) })
	require.NoError(t, err)
	require.EqualValues(t, 1, got.Known)
	require.Equal(t, "1/1", strings.Join(told, " "))
	unknown, tools := r.facts()
	require.Equal(t, "2026-10-02 Page Saved 1", unknown)
	require.Equal(t, "2026-11-02 wiki 1", tools)
}
