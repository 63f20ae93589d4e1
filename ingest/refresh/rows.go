package refresh

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// rowsAtOnce bounds the rows of an insert.
const rowsAtOnce = 50_000

// rows are rows on their way into a table, some at a time.
type rows struct {
	w     *work
	ctx   context.Context //nolint:containedctx // of one function, which ends before the rows do
	into  string
	batch driver.Batch
}

func (w *work) rows(ctx context.Context, into string) *rows { return &rows{w: w, ctx: ctx, into: into} }

func (r *rows) add(values ...any) (err error) {
	if r.batch == nil {
		if r.batch, err = r.w.db.PrepareBatch(r.ctx, r.into); err != nil {
			return fmt.Errorf("write figures: %w", err)
		}
	}
	if err := r.batch.Append(values...); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	if r.batch.Rows() < rowsAtOnce {
		return nil
	}
	return r.send()
}

// send writes the rows that are left.
func (r *rows) send() error {
	if r.batch == nil {
		return nil
	}
	err := r.batch.Send()
	r.close()
	if err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}

func (r *rows) close() {
	if r.batch != nil {
		_ = r.batch.Close()
		r.batch = nil
	}
}
