package refresh

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	//go:embed kpi_begin_people.sql
	selectBeginPeople string
	//go:embed kpi_begin_moved.sql
	selectBeginMoved string
	//go:embed kpi_begin.sql
	insertBegin string
	//go:embed kpi_begin_scan.sql
	scanBegin string
)

const (
	beginGroups = 256 // groups of persons, of about the same size
	// beginRowsAtOnce bounds the rows of the directory whose persons one statement is about, and with them its memory.
	beginRowsAtOnce = 400_000
)

// writeBegin brings kpi_begin up to date (why it is kept by persons and not by days: its migration). It writes the
// groups of persons of whom somebody begins on another day than readers see, or is placed or has access otherwise;
// after the first refresh, and when a tool comes or begins to need licences, all groups.
func (w *work) writeBegin(ctx context.Context) error {
	if err := w.planBegin(ctx); err != nil {
		return err
	}
	rows := w.rests.rows
	for groups := range slices.Chunk(w.begun.sorted(), int(max(beginGroups*beginRowsAtOnce/max(rows, beginRowsAtOnce), 1))) {
		p := params{"run": w.run, "groups": groups, "changed": w.changed.sorted(), "written": w.facts.sorted()}
		if err := w.exec(ctx, "find when people began", insertBegin, p); err != nil {
			return err
		}
	}
	if len(w.begun) == 0 {
		return nil
	}
	var waiting uint64
	var first time.Time
	err := w.one(ctx, "count those whose beginning only all facts can tell",
		"SELECT count(), min(enabled) FROM kpi_begin WHERE run = {run:UInt64} AND used = toDate(65534)", params{"run": w.run}, &waiting, &first)
	if err != nil || waiting == 0 {
		return err
	}
	return w.exec(ctx, "look for beginnings in all facts", scanBegin, params{"run": w.run, "first": dayOf(first), "written": w.facts.sorted()})
}

// planBegin finds the groups to be written. The rows of the directory bear versions that only grow, so it is known who was
// named in it since the last refresh.
func (w *work) planBegin(ctx context.Context) error {
	was, is := parseBeginState(w.was.begin), w.rests.beginState
	w.is.begin = is.text()
	if is.tools != was.tools {
		w.begun.add(0, beginGroups-1)
		return nil
	}
	if is != was {
		p := params{"people": was.people, "licences": was.licences}
		if err := w.addBegun(ctx, "find whom the directory has named", selectBeginPeople, p); err != nil {
			return err
		}
	}
	if len(w.changed) == 0 {
		return nil
	}
	changed := w.changed.sorted()
	p := w.ofWhom()
	p["run"], p["changed"], p["first"] = w.run, changed, changed[0]
	return w.addBegun(ctx, "find who began on another day", selectBeginMoved, p)
}

func (w *work) addBegun(ctx context.Context, what, sql string, p params) error {
	return w.each(ctx, what, sql, p, func(scan scanner) error {
		var group time.Time
		err := scan(&group)
		w.begun.add(dayOf(group), dayOf(group))
		return err
	})
}

// beginState is what kpi_begin was written with.
type beginState struct {
	people, licences uint64 // the highest versions in these tables
	tools            string // those with licences, and those open to everyone
}

// rests is what figures rest on besides events and people.
type rests struct {
	beginState
	rows uint64 // of the directory
}

// text is how it stands in the settings.
func (s beginState) text() string { return fmt.Sprintf("%d %d %s", s.people, s.licences, s.tools) }

// parseBeginState reads it. What nobody has written, or not so, equals no state: then everything is found anew.
func parseBeginState(text string) (s beginState) {
	parts := strings.SplitN(text, " ", 3)
	if len(parts) != 3 {
		return s
	}
	var badPeople, badLicences error
	s.people, badPeople = strconv.ParseUint(parts[0], 10, 64)
	s.licences, badLicences = strconv.ParseUint(parts[1], 10, 64)
	if badPeople != nil || badLicences != nil {
		return beginState{}
	}
	s.tools = parts[2]
	return s
}
