package query

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"uptake/adoption"
)

const (
	checkAfterStart = 3 * time.Minute // the start itself has enough to do
	checkAtHour     = 3               // of the reporting zone
	checkAgain      = 15 * time.Minute
	checkJitter     = 30 * time.Minute // so that companies on one machine do not check at the same moment
)

// KeepChecking runs a self-check some minutes after its start and then every night, until ctx ends. One that could not be
// ended is tried again a little later.
func (c *Company) KeepChecking(ctx context.Context, log *slog.Logger) error {
	wait := checkAfterStart + rand.N(checkAfterStart)
	for {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		began := time.Now()
		found, err := c.SelfCheck(ctx)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // it runs until ctx ends, and has ended as it should
		case err != nil:
			log.Warn("the figures could not be checked; it is tried again", "error", err, "again_in", checkAgain)
			wait = checkAgain
			continue
		case found.FailuresTotal > 0:
			log.Error("figures contradict each other or the facts; the trust page names them", "checks", found.Checks, "failures", found.FailuresTotal)
		default:
			log.Info("the figures agree with each other and with the facts", "checks", found.Checks, "took", time.Since(began).Round(time.Millisecond))
		}
		wait = untilNight(c.now(), c.zone()) + rand.N(checkJitter)
	}
}

// untilNight is how long it is until the next night's check begins, at least an hour.
func untilNight(now time.Time, zone *time.Location) time.Duration {
	day := adoption.DayOf(now, zone)
	for {
		if at := day.Start(zone).Add(checkAtHour * time.Hour); at.Sub(now) >= time.Hour {
			return at.Sub(now)
		}
		day++
	}
}
