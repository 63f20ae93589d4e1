package refresh

import (
	"context"
	"fmt"
	"strconv"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

// scanner reads the row at hand into pointers.
type scanner func(into ...any) error

// params are the {name:Type} parameters of a statement.
type params map[string]any

// text is how a parameter is written so that the store parses it.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case adoption.Day:
		return v.String()
	case []adoption.Day:
		return dateList(v)
	case []uint64:
		return numberList(v)
	case uint64:
		return strconv.FormatUint(v, 10)
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	}
	panic(fmt.Sprintf("refresh: no parameter can be a %T", value)) // a mistake in this package
}

func (p params) args() []any {
	args := make([]any, 0, len(p))
	for name, value := range p {
		args = append(args, driver.NamedValue{Name: name, Value: text(value)})
	}
	return args
}

// settings bound what one statement may take and fix what a server's profile might say differently. Past 800 MB a
// statement goes to disk, at twice the time; a company of 130,000 people stays below.
var settings = clickhouse.Settings{
	"max_memory_usage":                            "2000000000",
	"max_bytes_before_external_group_by":          "800000000",
	"max_bytes_before_external_sort":              "800000000",
	"do_not_merge_across_partitions_select_final": "1", // an event's identity has its day in it, so one partition holds all its rows
	"join_use_nulls":                              "0",
	// The statements are long and mostly small: compiling them costs more than it saves.
	"compile_expressions":           "0",
	"compile_aggregate_expressions": "0",
	"compile_sort_description":      "0",
	// Receiving goes before computing. The engine follows this where it may (CAP_SYS_NICE), and else does without.
	"os_thread_priority":       "10",
	"async_insert":             "0",
	"lightweight_deletes_sync": "2",
}

// exec runs a statement that returns nothing. what says for which purpose, for errors.
func (r *Refresher) exec(ctx context.Context, what, sql string, p params) error {
	if err := r.db.Exec(clickhouse.Context(ctx, clickhouse.WithSettings(settings)), sql, p.args()...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// each calls row for every row of the answer to sql.
func (r *Refresher) each(ctx context.Context, what, sql string, p params, row func(scanner) error) error {
	rows, err := r.db.Query(clickhouse.Context(ctx, clickhouse.WithSettings(settings)), sql, p.args()...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// one reads a single row.
func (r *Refresher) one(ctx context.Context, what, sql string, p params, into ...any) error {
	return r.each(ctx, what, sql, p, func(scan scanner) error { return scan(into...) })
}
