package ingest

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// maxBlock is how many rows go into one insert: few large inserts, in bounded memory.
const maxBlock = 200_000

// inserter writes rows in large blocks. After an error some blocks may have been stored and others not; the import
// is made so that a repeat finds out. Who gives up in its midst breaks nothing off: what was begun is written to its end.
type inserter struct {
	ctx       context.Context
	end       context.CancelFunc
	db        driver.Conn
	statement string
	batch     driver.Batch
	rows      int
}

func (d *Directory) insert(ctx context.Context, statement string) (*inserter, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("store the directory: %w", err)
	}
	in := &inserter{db: d.db, statement: statement}
	in.ctx, in.end = context.WithTimeout(context.WithoutCancel(ctx), insertWithin)
	if err := in.prepare(); err != nil {
		in.end()
		return nil, err
	}
	return in, nil
}

func (in *inserter) prepare() (err error) {
	in.rows = 0
	if in.batch, err = in.db.PrepareBatch(in.ctx, in.statement); err != nil {
		return fmt.Errorf("store the directory: %s: %w", in.statement, err)
	}
	return nil
}

func (in *inserter) row(values ...any) error {
	if in.rows == maxBlock {
		if err := in.send(); err != nil {
			return err
		}
		if err := in.prepare(); err != nil {
			return err
		}
	}
	in.rows++
	if err := in.batch.Append(values...); err != nil {
		return fmt.Errorf("store the directory: %s: %w", in.statement, err)
	}
	return nil
}

func (in *inserter) send() error {
	if in.rows == 0 {
		return nil
	}
	if err := in.batch.Send(); err != nil {
		return fmt.Errorf("store the directory: %s: %w", in.statement, err)
	}
	return nil
}

// close gives the connection back; after send it does nothing.
func (in *inserter) close() {
	if in.batch != nil {
		_ = in.batch.Close()
	}
	in.end()
}
