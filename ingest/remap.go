package ingest

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
	"uptake/ingest/mapping"
)

var (
	//go:embed remap_days.sql
	remapDays string
	//go:embed remap_names.sql
	remapNames string
	//go:embed remap.sql
	remapInsert string
)

// A Remapper gives stored events that were known by their names only the meaning that a mapping has for them now.
type Remapper struct {
	DB    driver.Conn
	Touch Toucher
	Zone  *time.Location // the reporting time zone
	Kept  adoption.Day   // the first day whose figures are not frozen
}

// Remapped is what became of a source's unknown events.
type Remapped struct {
	Known   uint64 `json:"known"`   // have a meaning now
	Ignored uint64 `json:"ignored"` // mean nothing, and are no longer counted as unknown
	Left    uint64 `json:"left"`    // are unknown still
	Days    int    `json:"days"`    // UTC days on which events changed
	Names   []Fate `json:"names"`   // by name, at most MaxFates
	More    uint64 `json:"more"`    // events of names beyond those
}

// Fate is what became of the events of one name and tool.
type Fate struct {
	Name   string         `json:"name"`
	Tool   string         `json:"tool"` // as it was stored, "" for none
	Events uint64         `json:"events"`
	Now    string         `json:"now"` // known, ignored or unknown
	Action string         `json:"action,omitempty"`
	Class  adoption.Class `json:"class,omitempty"`
	ToTool string         `json:"to_tool,omitempty"`
	Note   string         `json:"note,omitempty"`
}

// MaxFates is how many names Remapped names: the rest is counted.
const MaxFates = 200

// Remap looks at all unknown events of a source that are stored and rewrites those whose name the mapping knows, day
// by day: same identity, received a nanosecond later. What is known already, or comes again from the client, is not
// touched. It may be repeated at any time, also after an error in the middle; done is told after each day, how many of
// how many.
func (r *Remapper) Remap(ctx context.Context, source string, m *mapping.Mapping, done func(days, of int)) (*Remapped, error) {
	days, err := r.days(ctx, source)
	if err != nil {
		return nil, err
	}
	book := &fateBook{fates: map[[2]string]*Fate{}}
	for i, day := range days {
		if err := r.day(ctx, source, m, day, book); err != nil {
			return nil, err
		}
		done(i+1, len(days))
	}
	return book.finish(), nil
}

func (r *Remapper) days(ctx context.Context, source string) (days []adoption.Day, err error) {
	rows, err := r.DB.Query(ctx, remapDays, driver.NamedValue{Name: "source", Value: source}, driver.NamedValue{Name: "kept", Value: r.Kept.String()})
	if err != nil {
		return nil, fmt.Errorf("find the days with unknown names: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var day time.Time
		if err := rows.Scan(&day); err != nil {
			return nil, fmt.Errorf("find the days with unknown names: %w", err)
		}
		days = append(days, adoption.DayOf(day, time.UTC))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("find the days with unknown names: %w", err)
	}
	return days, nil
}

// unknownRow is how many unknown events of a day have a name and a tool.
type unknownRow struct {
	name, tool string
	ignored    bool
	events     uint64
}

// day rewrites the events of one UTC day.
func (r *Remapper) day(ctx context.Context, source string, m *mapping.Mapping, day adoption.Day, book *fateBook) error {
	rows, err := r.names(ctx, source, day)
	if err != nil {
		return err
	}
	var fates [][7]any
	for _, row := range rows {
		fate := m.Stored(row.name, row.tool)
		if book.note(row, fate) {
			fates = append(fates, rewritten(row, fate))
		}
	}
	if len(fates) == 0 {
		return nil
	}
	book.days++
	text, err := json.Marshal(slices.Compact(fates)) // a name may come twice: ignored, and not
	if err != nil {
		return fmt.Errorf("write down what unknown names mean: %w", err)
	}
	// Nothing is recomputed between the note that the day changes and the change itself: a crash in between would leave
	// figures that nobody knows to be old.
	release := r.Touch.Exclusive()
	defer release()
	spans := factSpans(map[adoption.Day]bool{day: true}, r.Zone)
	if err := r.Touch.Touch(ctx, spans...); err != nil {
		return fmt.Errorf("note that the figures of %s change: %w", day, err)
	}
	err = r.DB.Exec(ctx, remapInsert, driver.NamedValue{Name: "source", Value: source}, driver.NamedValue{Name: "day", Value: day.String()},
		driver.NamedValue{Name: "fates", Value: hex.EncodeToString(text)})
	if err != nil {
		// Whether it has run, or still does, is not known: what follows from it must not rest on the refresh that comes first.
		release()
		again, cancel := context.WithTimeout(context.WithoutCancel(ctx), insertWithin)
		defer cancel()
		return errors.Join(fmt.Errorf("give the unknown events of %s their meaning: %w", day, err), r.Touch.Touch(again, spans...))
	}
	return nil
}

func (r *Remapper) names(ctx context.Context, source string, day adoption.Day) (all []unknownRow, err error) {
	rows, err := r.DB.Query(ctx, remapNames, driver.NamedValue{Name: "source", Value: source}, driver.NamedValue{Name: "day", Value: day.String()})
	if err != nil {
		return nil, fmt.Errorf("read the unknown names of %s: %w", day, err)
	}
	defer rows.Close()
	for rows.Next() {
		var row unknownRow
		var ignored uint8
		if err := rows.Scan(&row.name, &row.tool, &ignored, &row.events); err != nil {
			return nil, fmt.Errorf("read the unknown names of %s: %w", day, err)
		}
		row.ignored = ignored != 0
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the unknown names of %s: %w", day, err)
	}
	return all, nil
}

// rewritten is a row of remap.sql's fates. Every unknown event stands for one action, and for none once it is ignored.
func rewritten(row unknownRow, f mapping.Fate) [7]any {
	switch f.Outcome {
	case mapping.Known:
		return [7]any{row.name, row.tool, f.Action, f.Tool, string(f.Class), f.ObjectType, 1}
	case mapping.Ignored:
		return [7]any{row.name, row.tool, row.name, row.tool, string(adoption.UnknownUse), "", 0}
	default:
		return [7]any{row.name, row.tool, row.name, row.tool, string(adoption.UnknownUse), "", 1}
	}
}

// fateBook gathers what becomes of names over all days.
type fateBook struct {
	Remapped
	days  int
	fates map[[2]string]*Fate
}

// note counts events, and tells whether they change.
func (b *fateBook) note(row unknownRow, f mapping.Fate) (changes bool) {
	now := [...]string{mapping.Known: "known", mapping.Unknown: "unknown", mapping.Ignored: "ignored"}[f.Outcome]
	switch f.Outcome {
	case mapping.Known:
		b.Known += row.events
		changes = true
	case mapping.Ignored:
		changes = !row.ignored
		if !changes {
			return false // it was ignored before
		}
		b.Ignored += row.events
	default:
		b.Left += row.events
		changes = row.ignored
	}
	key := [2]string{row.name, row.tool}
	if b.fates[key] == nil {
		if len(b.fates) == MaxFates {
			b.More += row.events
			return changes
		}
		b.fates[key] = &Fate{Name: row.name, Tool: row.tool, Now: now, Action: f.Action, Class: f.Class, ToTool: f.Tool, Note: f.Note}
	}
	b.fates[key].Events += row.events
	return changes
}

func (b *fateBook) finish() *Remapped {
	b.Days, b.Names = b.days, []Fate{}
	for _, f := range b.fates {
		b.Names = append(b.Names, *f)
	}
	slices.SortFunc(b.Names, func(x, y Fate) int {
		return cmp.Or(cmp.Compare(y.Events, x.Events), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Tool, y.Tool))
	})
	return &b.Remapped
}
