package query

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"uptake/adoption"
)

const (
	prepareAfter   = 5 * time.Second // the first questions after a start go first
	prepareEvery   = time.Minute
	prepareWeeks   = 26
	prepareDays    = 365
	prepareMinutes = 10 * time.Minute // after which what takes longer is given up until the next time
)

// Prepare works out beforehand what is much work and follows from closed days alone, and keeps it: what is hidden by
// attribute at the ends of the last 26 weeks, the seats of the last closed day, and who interacted with whom in a year. So
// nobody waits for it. What is known already costs nothing.
func (c *Company) Prepare(ctx context.Context) error {
	return c.consistently(ctx, func(snap *snapshot) error {
		day := snap.lastClosed()
		if !snap.days[day] {
			return nil
		}
		q := ByQuestion{From: day - 7*prepareWeeks + 1, To: day, Grain: adoption.ByWeek}
		ends, _ := snap.byEnds(q)
		for _, end := range slices.Backward(ends) { // one by one: who asks meanwhile goes first, and has a core
			if _, err := c.newByJudge(ctx, snap, adoption.AllTools, []adoption.PeriodEnd{end}); err != nil {
				return err
			}
		}
		if tools := (seatInquiry{}).licensedTools(snap); len(tools) > 0 {
			if _, err := c.seatGate(ctx, snap, day, tools); err != nil {
				return err
			}
		}
		_, err := c.pairGate(ctx, snap, CollaborationQuestion{Unit: adoption.Company, Tool: adoption.AllTools, From: day - prepareDays + 1, To: day})
		return err
	})
}

// KeepPrepared prepares when the figures are settled, again and again, until ctx ends.
func (c *Company) KeepPrepared(ctx context.Context, log *slog.Logger) error {
	wait := time.NewTimer(prepareAfter)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-wait.C:
		}
		if settled, err := c.settled(ctx); err == nil && settled {
			began := time.Now()
			within, cancel := context.WithTimeout(ctx, prepareMinutes)
			err := c.Prepare(within)
			cancel()
			if took := time.Since(began); err != nil && ctx.Err() == nil {
				log.Warn("what takes long could not be worked out beforehand; whoever asks first waits for it", "error", err, "again_in", prepareEvery)
			} else if took > time.Second {
				log.Info("what takes long is worked out beforehand", "took", took.Round(time.Millisecond))
			}
		}
		wait.Reset(prepareEvery)
	}
}
