package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

// maxPartitions is how many months one insert may hold; ClickHouse refuses more than 100 partitions.
const maxPartitions = 90

// InsertEvents writes events into the table events, as one insert as long as they lie in at most 90 months. Repeated
// with the same events and token (after an error its outcome is unknown) it changes nothing that is already there;
// an empty token leaves that to the identity of the rows.
// It returns the errors of the driver, wrapped.
func InsertEvents(ctx context.Context, db driver.Conn, events []adoption.Event, token string) error {
	parts := byMonths(events)
	for i, part := range parts {
		partToken := token
		if token != "" && len(parts) > 1 {
			partToken = fmt.Sprintf("%s/%d", token, i)
		}
		if err := insertEvents(ctx, db, part, partToken); err != nil {
			return err
		}
	}
	return nil
}

// byMonths cuts events into parts of at most maxPartitions months each. The cut depends on the events alone, so that
// a repeat makes the same parts.
func byMonths(events []adoption.Event) [][]adoption.Event {
	if len(events) == 0 {
		return nil
	}
	months := map[int][]int{}
	for i := range events {
		m := month(&events[i])
		months[m] = append(months[m], i)
	}
	if len(months) <= maxPartitions {
		return [][]adoption.Event{events}
	}
	keys := make([]int, 0, len(months))
	for m := range months {
		keys = append(keys, m)
	}
	slices.Sort(keys)
	var parts [][]adoption.Event
	for group := range slices.Chunk(keys, maxPartitions) {
		var part []adoption.Event
		for _, m := range group {
			for _, i := range months[m] {
				part = append(part, events[i])
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// month numbers the months of UTC.
func month(e *adoption.Event) int {
	y, m, _ := e.Time.UTC().Date()
	return y*12 + int(m)
}

// insertEvents writes one insert.
func insertEvents(ctx context.Context, db driver.Conn, events []adoption.Event, token string) error {
	// Merging an insert's own rows by key while it is written costs more than all the rest of it, and the loader has
	// kept one row of each identity already; what is left is FINAL's and the background merges'.
	settings := clickhouse.Settings{"optimize_on_insert": 0, "os_thread_priority": 10}
	if token != "" {
		settings["insert_deduplication_token"] = token
	}
	columns := columnsOf(events)
	names, types := make([]string, len(columns)), make([]clickhouse.ColumnNameAndType, len(columns))
	for i, column := range columns {
		names[i], types[i] = column.name, clickhouse.ColumnNameAndType{Name: column.name, Type: column.kind}
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(settings), clickhouse.WithColumnNamesAndTypes(types))
	batch, err := db.PrepareBatch(ctx, "INSERT INTO events ("+strings.Join(names, ", ")+")")
	if err != nil {
		return fmt.Errorf("preparing an insert of events: %w", err)
	}
	defer batch.Close()
	for i, column := range columns {
		if err := batch.Column(i).Append(column.values); err != nil {
			return fmt.Errorf("filling the column %s of events: %w", column.name, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("inserting %d events: %w", len(events), err)
	}
	return nil
}

// eventColumn is a column of the table events: values is a slice as the driver takes it for the kind.
type eventColumn struct {
	name, kind string
	values     any
}

// columnsOf turns events into the columns of the table. Whole columns cost the driver a third of what rows do.
// LowCardinality columns are sent as plain strings, which the engine turns into dictionaries faster than the driver
// does. Columns that are empty in all events are left to their defaults.
func columnsOf(events []adoption.Event) []eventColumn {
	n := len(events)
	var (
		days, times                    = make([]time.Time, n), make([]int64, n)
		ids, actors                    = make([]string, n), make([]string, n)
		dateOnly                       = make([]bool, n)
		sources, tools, types          = make([]string, n), make([]string, n), make([]string, n)
		actions, classes               = make([]string, n), make([]string, n)
		objects, containers            = make([]string, n), make([]string, n)
		durations, quantities, receipt = make([]uint32, n), make([]uint64, n), make([]uint64, n)
	)
	hashes := hashTexts(events)
	for i := range events {
		e := &events[i]
		days[i] = adoption.DayOf(e.Time, time.UTC).Time()
		times[i] = e.Time.UnixMilli()
		ids[i], actors[i] = hashes[2*i*hashSize:][:hashSize], hashes[(2*i+1)*hashSize:][:hashSize]
		sources[i], tools[i], actions[i], classes[i] = e.Source, e.Tool, e.Action, string(e.Class)
		objects[i], types[i], containers[i] = e.Object, e.ObjectType, e.Container
		dateOnly[i], durations[i], quantities[i], receipt[i] = e.DateOnly, e.Duration, e.Quantity, e.Received
	}
	all := []eventColumn{
		{"utc_day", "Date", days}, {"source", "String", sources}, {"id", "FixedString(16)", ids}, {"time", "DateTime64(3, 'UTC')", times},
		{"date_only", "Bool", dateOnly}, {"tool", "String", tools}, {"actor", "FixedString(16)", actors}, {"action", "String", actions},
		{"class", "String", classes}, {"object", "String", objects}, {"object_type", "String", types}, {"container", "String", containers},
		{"duration_s", "UInt32", durations}, {"quantity", "UInt64", quantities}, {"received", "UInt64", receipt},
	}
	if lists := counterpartsOf(events); lists != nil {
		all = append(all, eventColumn{"counterparts", "Array(FixedString(16))", lists})
	}
	if maps := attributesOf(events); maps != nil {
		all = append(all, eventColumn{"attributes", "Map(String, String)", maps})
	}
	return all
}

const hashSize = len(adoption.Hash{})

// hashTexts is the ids and actors of events, one behind the other: one allocation and not two a row.
func hashTexts(events []adoption.Event) string {
	var all strings.Builder
	all.Grow(2 * hashSize * len(events))
	for i := range events {
		all.Write(events[i].ID[:])
		all.Write(events[i].Actor[:])
	}
	return all.String()
}

// counterpartsOf is the column counterparts, nil where no event has any.
func counterpartsOf(events []adoption.Event) [][]string {
	var all strings.Builder
	for i := range events {
		for j := range events[i].Counterparts {
			all.Write(events[i].Counterparts[j][:])
		}
	}
	text := all.String()
	if text == "" {
		return nil
	}
	hashes := make([]string, len(text)/hashSize)
	for i := range hashes {
		hashes[i] = text[i*hashSize:][:hashSize]
	}
	lists := make([][]string, len(events))
	for i := range events {
		n := len(events[i].Counterparts)
		lists[i], hashes = hashes[:n:n], hashes[n:]
	}
	return lists
}

// attributesOf is the column attributes, nil where no event has any.
func attributesOf(events []adoption.Event) []map[string]string {
	var column []map[string]string
	for i := range events {
		if len(events[i].Attributes) == 0 {
			continue
		}
		if column == nil {
			column = make([]map[string]string, len(events))
		}
		column[i] = events[i].Attributes
	}
	return column
}
