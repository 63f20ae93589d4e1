package main

import (
	"context"
	"time"

	"uptake/cmd/uptake/control"
)

// succeed takes what a process before this one may have held. While it is in use it is tried again until
// control.LastBreath is over, so that a start right after a kill is not turned away by a process that is dead. The error is
// the last one's.
func (a *app) succeed(ctx context.Context, what string, inUse func(error) bool, take func() error) error {
	began := time.Now()
	err := take()
	for told := false; inUse(err) && time.Since(began) < control.LastBreath; err = take() {
		if !told {
			a.log.Info("waiting a moment: another process holds what is needed", "what", what)
			told = true
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
	return err
}
