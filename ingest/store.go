package ingest

import (
	"context"
	"fmt"
	"slices"
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

// eventColumns is the table's form as the driver writes it. LowCardinality columns are sent as plain strings, which
// the engine turns into dictionaries faster than the driver does.
var eventColumns = []clickhouse.ColumnNameAndType{
	{Name: "utc_day", Type: "Date"}, {Name: "source", Type: "String"}, {Name: "id", Type: "FixedString(16)"},
	{Name: "time", Type: "DateTime64(3, 'UTC')"}, {Name: "date_only", Type: "Bool"}, {Name: "tool", Type: "String"},
	{Name: "actor", Type: "FixedString(16)"}, {Name: "action", Type: "String"}, {Name: "class", Type: "String"},
	{Name: "object", Type: "String"}, {Name: "object_type", Type: "String"}, {Name: "container", Type: "String"},
	{Name: "counterparts", Type: "Array(FixedString(16))"}, {Name: "duration_s", Type: "UInt32"}, {Name: "quantity", Type: "UInt64"},
	{Name: "attributes", Type: "Map(String, String)"}, {Name: "received", Type: "UInt64"},
}

const insertStatement = `INSERT INTO events (utc_day, source, id, time, date_only, tool, actor, action, class,
	object, object_type, container, counterparts, duration_s, quantity, attributes, received)`

// insertEvents writes one insert.
func insertEvents(ctx context.Context, db driver.Conn, events []adoption.Event, token string) error {
	// Merging an insert's own rows by key while it is written costs more than all the rest of it, and the loader has
	// kept one row of each identity already; what is left is FINAL's and the background merges'.
	settings := clickhouse.Settings{"optimize_on_insert": 0}
	if token != "" {
		settings["insert_deduplication_token"] = token
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(settings), clickhouse.WithColumnNamesAndTypes(eventColumns))
	batch, err := db.PrepareBatch(ctx, insertStatement)
	if err != nil {
		return fmt.Errorf("preparing an insert of events: %w", err)
	}
	defer batch.Close()
	for i, column := range columnsOf(events) {
		if err := batch.Column(i).Append(column); err != nil {
			return fmt.Errorf("filling the column %s of events: %w", eventColumns[i].Name, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("inserting %d events: %w", len(events), err)
	}
	return nil
}

// columnsOf turns events into the columns of eventColumns, in its order. Whole columns cost the driver a third of
// what rows do.
func columnsOf(events []adoption.Event) []any {
	n := len(events)
	var (
		days, times         = make([]time.Time, n), make([]int64, n)
		ids, actors         = hashes(events, func(e *adoption.Event) *adoption.Hash { return &e.ID }), hashes(events, func(e *adoption.Event) *adoption.Hash { return &e.Actor })
		dateOnly            = make([]bool, n)
		durations           = make([]uint32, n)
		quantities, receipt = make([]uint64, n), make([]uint64, n)
		counterparts        = make([][]string, n)
		attributes          = make([]map[string]string, n)
	)
	for i := range events {
		e := &events[i]
		days[i] = adoption.DayOf(e.Time, time.UTC).Time()
		times[i] = e.Time.UnixMilli()
		dateOnly[i] = e.DateOnly
		durations[i], quantities[i], receipt[i] = e.Duration, e.Quantity, e.Received
		counterparts[i] = make([]string, len(e.Counterparts))
		for j := range e.Counterparts {
			counterparts[i][j] = string(e.Counterparts[j][:])
		}
		attributes[i] = e.Attributes
	}
	return []any{
		days, texts(events, func(e *adoption.Event) string { return e.Source }), ids,
		times, dateOnly, texts(events, func(e *adoption.Event) string { return e.Tool }),
		actors, texts(events, func(e *adoption.Event) string { return e.Action }), texts(events, func(e *adoption.Event) string { return string(e.Class) }),
		texts(events, func(e *adoption.Event) string { return e.Object }), texts(events, func(e *adoption.Event) string { return e.ObjectType }), texts(events, func(e *adoption.Event) string { return e.Container }),
		counterparts, durations, quantities,
		attributes, receipt,
	}
}

func texts(events []adoption.Event, of func(*adoption.Event) string) []string {
	column := make([]string, len(events))
	for i := range events {
		column[i] = of(&events[i])
	}
	return column
}

// hashes is a column of hashes, as the driver takes them, cut from one string: one allocation and not one a row.
func hashes(events []adoption.Event, of func(*adoption.Event) *adoption.Hash) []string {
	const size = len(adoption.Hash{})
	all := make([]byte, 0, len(events)*size)
	for i := range events {
		all = append(all, of(&events[i])[:]...)
	}
	text := string(all)
	column := make([]string, len(events))
	for i := range column {
		column[i] = text[i*size : (i+1)*size]
	}
	return column
}
