package refresh

import (
	"context"
	_ "embed"

	"uptake/adoption"
)

var (
	//go:embed kpi_work.sql
	kpiWork string
	//go:embed kpi_action.sql
	kpiAction string
)

// workDaysAtOnce bounds what one statement about the actions of days joins. (And a set of days is a number of 64 bits.)
const workDaysAtOnce = 32

// noticeWork plans the days with figures that an earlier version of the program wrote without those of the day itself.
func (w *work) noticeWork() {
	for d := range w.shown["kpi_size"] {
		if _, there := w.shown["kpi_work"][d]; !there {
			w.between.add(d, d)
		}
	}
}

// planActions plans the counts by action and source: of all days whose facts or people are others than before, if
// their events are kept. What is known of a frozen day stays as it is.
func (w *work) planActions() {
	kept := w.retention(w.today)
	for d := range w.between {
		if d >= kept {
			w.acts.add(d, d)
		}
	}
}

// writeWork computes the planned days of actions.
func (w *work) writeWork(ctx context.Context) error {
	for _, s := range w.between.stretches(1, workDaysAtOnce) {
		err := w.insertKPI(ctx, "count the actions of days", `INSERT INTO kpi_work (day, run, unit, tool, contribute, respond, share, meet, consume,
			counted_contribute, counted_respond, counted_share, counted_meet, counted_consume, seconds)`,
			kpiWork, eachDay(s), s, params{"counted": adoption.CountedAtMost, "seconds": adoption.SecondsAtMost})
		if err != nil {
			return err
		}
		w.step(s.days())
	}
	for _, s := range w.acts.stretches(1, workDaysAtOnce) {
		pieces, err := w.byEvents(ctx, s)
		if err != nil {
			return err
		}
		for _, piece := range pieces {
			from, to := w.utcDays(piece)
			err := w.insertKPI(ctx, "count each action of days", "INSERT INTO kpi_action (day, run, unit, tool, action, class, source, quantity)",
				kpiAction, eachDay(piece), piece, params{"zone": w.zone.String(), "utc_from": from, "utc_to": to})
			if err != nil {
				return err
			}
			w.step(piece.days())
		}
	}
	return nil
}
