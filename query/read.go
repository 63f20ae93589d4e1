package query

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

// scanner reads the row at hand into pointers.
type scanner func(into ...any) error

// params are the {name:Type} parameters of a statement, as the text the server parses.
type params map[string]string

// readSettings bound the memory of one statement that a reader waits for, in bytes: many read at once. What groups and sorts more
// goes to the disk first.
var readSettings = clickhouse.Settings{
	"max_memory_usage":                   "500000000",
	"max_bytes_before_external_group_by": "250000000",
	"max_bytes_before_external_sort":     "250000000",
}

// each calls row for every row of the answer to sql.
func (c *Company) each(ctx context.Context, sql string, p params, row func(scanner) error) error {
	return c.eachWithin(ctx, readSettings, sql, p, row)
}

// eachWithin is each within other bounds.
func (c *Company) eachWithin(ctx context.Context, settings clickhouse.Settings, sql string, p params, row func(scanner) error) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(settings))
	args := make([]any, 0, len(p))
	for name, value := range p {
		args = append(args, driver.NamedValue{Name: name, Value: value})
	}
	rows, err := c.DB.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("ask the store: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return fmt.Errorf("read the store's answer: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the store's answer: %w", err)
	}
	return nil
}

// dayOf is the day of a Date column as the driver reads it: midnight UTC.
func dayOf(t time.Time) adoption.Day { return adoption.DayOf(t, time.UTC) }

// dayList writes days as an Array(Date) parameter.
func dayList(days []adoption.Day) string {
	var b strings.Builder
	for i, d := range days {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("'" + d.String() + "'")
	}
	return "[" + b.String() + "]"
}

// textList writes texts as the statements here take them apart: a JSON list in hexadecimal.
func textList(texts []string) string {
	list, _ := json.Marshal(texts) // strings cannot fail
	return hex.EncodeToString(list)
}

// numberList writes numbers as an Array(UInt32) parameter.
func numberList(numbers []int) string {
	text := make([]string, len(numbers))
	for i, n := range numbers {
		text[i] = strconv.Itoa(n)
	}
	return "[" + strings.Join(text, ",") + "]"
}

func compareText(a, b string) int { return cmp.Compare(a, b) }
