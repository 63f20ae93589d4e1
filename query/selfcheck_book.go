package query

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"uptake/adoption"
)

// settingSelfCheck is the row of the table settings that holds the last result, as JSON: a restart must not make a
// failure forgotten.
const settingSelfCheck = "selfcheck"

// selfCheckBook is the last result, and what of it has been read or written.
type selfCheckBook struct {
	running sync.Mutex // one self-check at a time
	mu      sync.Mutex
	read    bool
	last    SelfCheck
	version uint64 // of the row of settings
}

// LastSelfCheck is what the last self-check has found, of this process or of one before it. An error says that it could not be read.
func (c *Company) LastSelfCheck(ctx context.Context) (SelfCheck, error) {
	c.checked.mu.Lock()
	defer c.checked.mu.Unlock()
	if err := c.readSelfCheck(ctx); err != nil {
		return SelfCheck{}, err
	}
	last := c.checked.last
	if last.State == "" {
		last.State = SelfCheckNever
	}
	last.Days = append([]adoption.Day{}, last.Days...)
	last.Failures = append([]SelfCheckFailure{}, last.Failures...)
	return last, nil
}

// readSelfCheck reads what an earlier process has found, once. What cannot be understood, because another version
// wrote it, counts as none.
func (c *Company) readSelfCheck(ctx context.Context) error {
	if c.checked.read {
		return nil
	}
	var kept SelfCheck
	var version uint64
	err := c.each(ctx, "SELECT value, version FROM settings FINAL WHERE name = {name:String}", params{"name": settingSelfCheck}, func(scan scanner) error {
		var value string
		err := scan(&value, &version)
		if json.Unmarshal([]byte(value), &kept) != nil {
			kept = SelfCheck{}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the last self-check: %w", err)
	}
	c.checked.read, c.checked.last, c.checked.version = true, kept, version
	return nil
}

// keepSelfCheck takes a run's result for the last one, and writes it down.
func (c *Company) keepSelfCheck(ctx context.Context, run *selfCheck) error {
	c.checked.mu.Lock()
	defer c.checked.mu.Unlock()
	if err := c.readSelfCheck(ctx); err != nil {
		return err
	}
	now := c.now()
	c.checked.last = run.result(now, c.checked.last.LastSuccess)
	c.checked.version = max(c.checked.version+1, uint64(max(now.UnixNano(), 0)))
	value, err := json.Marshal(c.checked.last)
	if err != nil {
		return fmt.Errorf("write the self-check down: %w", err)
	}
	batch, err := c.DB.PrepareBatch(ctx, "INSERT INTO settings (name, value, version)")
	if err != nil {
		return fmt.Errorf("write the self-check down: %w", err)
	}
	defer batch.Close()
	if err := batch.Append(settingSelfCheck, string(value), c.checked.version); err != nil {
		return fmt.Errorf("write the self-check down: %w", err)
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write the self-check down: %w", err)
	}
	return nil
}
