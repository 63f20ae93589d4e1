package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

// The row 'demo' of the table settings: "PRESET LASTDAY loading" from before anything else is written, "PRESET LASTDAY
// complete" once all is in the figures.
const (
	loading  = "loading"
	complete = "complete"
)

// State says which company a database holds, the empty Preset for none, and whether it is all there: after a crash
// in the middle of Load complete is false, and Load must be called again.
func State(ctx context.Context, db driver.Conn) (preset Preset, lastDay adoption.Day, isComplete bool, err error) {
	rows, err := db.Query(ctx, `SELECT value FROM settings FINAL WHERE name = 'demo'`)
	if err != nil {
		return "", 0, false, fmt.Errorf("read the state of the demo: %w", err)
	}
	defer rows.Close()
	var value string
	for rows.Next() {
		if err := rows.Scan(&value); err != nil {
			return "", 0, false, fmt.Errorf("read the state of the demo: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return "", 0, false, fmt.Errorf("read the state of the demo: %w", err)
	}
	words := strings.Fields(value)
	if len(words) != 3 {
		return "", 0, false, nil
	}
	if preset, err = ParsePreset(words[0]); err != nil {
		return "", 0, false, fmt.Errorf("read the state of the demo: %w", err)
	}
	if lastDay, err = adoption.ParseDay(words[1]); err != nil {
		return "", 0, false, fmt.Errorf("read the state of the demo: %w", err)
	}
	return preset, lastDay, words[2] == complete, nil
}

func record(ctx context.Context, db driver.Conn, preset Preset, lastDay adoption.Day, state string) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{
		"value": fmt.Sprintf("%s %s %s", preset, lastDay, state), "version": fmt.Sprint(time.Now().UnixNano()),
	}))
	const statement = `INSERT INTO settings (name, value, version) SELECT 'demo', {value:String}, greatest({version:UInt64},
		(SELECT max(version) + 1 FROM settings WHERE name = 'demo'))`
	if err := db.Exec(ctx, statement); err != nil {
		return fmt.Errorf("note the state of the demo: %w", err)
	}
	return nil
}
