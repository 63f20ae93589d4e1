package refresh

import (
	"context"
	_ "embed"

	"uptake/adoption"
)

var (
	//go:embed kpi_work.sql
	selectWork string
	//go:embed kpi_action.sql
	selectActions string
)

const (
	// actionDaysAtOnce bounds what one statement about the actions of days joins, besides their events.
	actionDaysAtOnce = 32
	// didAtOnce bounds the persons × tools × days of one answer of the store.
	didAtOnce = 1_000_000
)

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

// doing is what a person did with a tool on a day: how much of each class, in the order of kpi_work.
type doing struct {
	person  uint64
	classes [5]uint64
	seconds uint64
}

const doingWidth = 8 + 5*8 + 8

func readDoing(b []byte) doing {
	d := doing{person: number.Uint64(b), seconds: number.Uint64(b[48:])}
	for i := range d.classes {
		d.classes[i] = number.Uint64(b[8+8*i:])
	}
	return d
}

// unitWork is what the enabled people of a unit did with a tool on a day: everything, and what counts of it.
type unitWork struct {
	all, counted [5]uint64
	seconds      uint64
}

func (u *unitWork) add(d *doing) {
	for i, n := range d.classes {
		u.all[i] += n
		u.counted[i] += min(n, adoption.CountedAtMost)
	}
	u.seconds += min(d.seconds, adoption.SecondsAtMost)
}

// writeWork computes what the enabled people of each unit did on the planned days: all actions by class, then those that
// count, of each person, tool and class at most so many, then seconds, of each at most so many.
func (w *work) writeWork(ctx context.Context, of *directory) error {
	rows := w.rows(ctx, `INSERT INTO kpi_work (day, run, unit, tool, contribute, respond, share, meet, consume,
		counted_contribute, counted_respond, counted_share, counted_meet, counted_consume, seconds)`)
	var day uint16
	var tool string
	var text []byte
	var did []doing
	for _, s := range w.between.stretches(min(max(didAtOnce/w.pairs, 1), daysAtOnce)) {
		err := w.eachFact(ctx, "read what people did on a day", selectWork, s, w.factsNow, nil, func(scan scanner) error {
			if err := scan(&day, &tool, &text); err != nil {
				return err
			}
			if err := decode(&did, text, doingWidth, readDoing); err != nil {
				return err
			}
			d := adoption.Day(day)
			units := map[uint32]*unitWork{}
			for i := range did {
				if unit := of.enabled(did[i].person, tool, d); unit != 0 {
					if units[unit] == nil {
						units[unit] = &unitWork{}
					}
					units[unit].add(&did[i])
				}
			}
			for unit, u := range units {
				rows.keep(d.Time(), w.run, of.units[unit], tool, u.all[0], u.all[1], u.all[2], u.all[3], u.all[4],
					u.counted[0], u.counted[1], u.counted[2], u.counted[3], u.counted[4], u.seconds)
			}
			return nil
		})
		if err == nil {
			err = rows.send()
		}
		if err != nil {
			return err
		}
		w.step(s.days())
	}
	return nil
}

// often is how often a person did something.
type often struct{ person, quantity uint64 }

const oftenWidth = 8 + 8

func readOften(b []byte) often { return often{number.Uint64(b), number.Uint64(b[8:])} }

// writeActions computes how often the enabled people of each unit did what on the planned days.
func (w *work) writeActions(ctx context.Context, of *directory) error {
	for _, s := range w.acts.stretches(actionDaysAtOnce) {
		var events map[adoption.Day]eventDay
		if s.days() > 1 { // a single day is not cut
			var err error
			if events, err = w.readEventDays(ctx, s); err != nil {
				return err
			}
		}
		for _, piece := range s.byEvents(events) {
			if err := w.writeActionsOf(ctx, piece, of); err != nil {
				return err
			}
			w.step(piece.days())
		}
	}
	return nil
}

func (w *work) writeActionsOf(ctx context.Context, s stretch, of *directory) error {
	rows := w.rows(ctx, "INSERT INTO kpi_action (day, run, unit, tool, action, class, source, quantity)")
	from, to := w.utcDays(s)
	var day uint16
	var tool, action, class, source string
	var text []byte
	var did []often
	p := params{"zone": w.zone.String(), "from": s.from, "to": s.to, "utc_from": from, "utc_to": to}
	err := w.each(ctx, "read each action of days", selectActions, p, func(scan scanner) error {
		if err := scan(&day, &tool, &action, &class, &source, &text); err != nil {
			return err
		}
		if err := decode(&did, text, oftenWidth, readOften); err != nil {
			return err
		}
		d := adoption.Day(day)
		units := map[uint32]uint64{}
		for _, o := range did {
			if unit := of.enabled(o.person, tool, d); unit != 0 {
				units[unit] += o.quantity
			}
		}
		for unit, quantity := range units {
			rows.keep(d.Time(), w.run, of.units[unit], tool, action, class, source, quantity)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return rows.send()
}
