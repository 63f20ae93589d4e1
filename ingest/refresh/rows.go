package refresh

import (
	"context"
	"fmt"
)

// rowsAtOnce bounds the rows of an insert.
const rowsAtOnce = 50_000

// rows are rows on their way into a table, some at a time.
type rows struct {
	w       *work
	ctx     context.Context //nolint:containedctx // of one function, which ends before the rows do
	into    string
	most    int // at once
	pending [][]any
}

func (w *work) rows(ctx context.Context, into string) *rows {
	return &rows{w: w, ctx: ctx, into: into, most: rowsAtOnce}
}

// keep is add while an answer of the store is read: it writes nothing, lest one statement wait for another.
func (r *rows) keep(values ...any) { r.pending = append(r.pending, values) }

func (r *rows) add(values ...any) error {
	r.keep(values...)
	if len(r.pending) < r.most {
		return nil
	}
	return r.send()
}

// send writes the rows that are left.
func (r *rows) send() error {
	if len(r.pending) == 0 {
		return nil
	}
	batch, err := r.w.db.PrepareBatch(r.ctx, r.into)
	if err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	defer batch.Close()
	for _, values := range r.pending {
		if err := batch.Append(values...); err != nil {
			return fmt.Errorf("write figures: %w", err)
		}
	}
	clear(r.pending)
	r.pending = r.pending[:0]
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}
