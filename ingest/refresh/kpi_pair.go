package refresh

import (
	"context"
	_ "embed"

	"uptake/adoption"
)

var (
	//go:embed pair_day.sql
	insertPairDay string
	//go:embed kpi_pair.sql
	selectPairs string
)

// noticePairs plans the pairs of days whose facts an earlier version of the program wrote without them, as far as the
// events are kept: who addressed whom on a frozen day is not known any more.
func (w *work) noticePairs(kept adoption.Day) {
	for d := range w.shown["person_day"] {
		if _, there := w.shown["pair_day"][d]; !there && d >= kept {
			w.facts.add(d, d)
		}
	}
	for d := range w.shown["kpi_size"] {
		if _, there := w.shown["kpi_pair"][d]; !there {
			w.between.add(d, d)
		}
	}
}

// pairDaysAtOnce bounds what one statement reads.
const pairDaysAtOnce = 8

// contact is how often a person addressed another.
type contact struct{ person, other, interactions uint64 }

const contactWidth = 3 * 8

func readContact(b []byte) contact {
	return contact{number.Uint64(b), number.Uint64(b[8:]), number.Uint64(b[16:])}
}

// writePairs computes the interactions between the units in which the two people are placed, of the planned days. The
// days of pair_day are written together with those of person_day.
func (w *work) writePairs(ctx context.Context, of *directory) error {
	rows := w.rows(ctx, "INSERT INTO kpi_pair (day, run, tool, from_unit, to_unit, interactions)")
	var day uint16
	var tool string
	var text []byte
	var contacts []contact
	for _, s := range w.between.stretches(pairDaysAtOnce) {
		err := w.eachFact(ctx, "read who addressed whom on a day", selectPairs, s, w.factsNow, nil, func(scan scanner) error {
			if err := scan(&day, &tool, &text); err != nil {
				return err
			}
			if err := decode(&contacts, text, contactWidth, readContact); err != nil {
				return err
			}
			d := adoption.Day(day)
			units := map[[2]uint32]uint64{}
			for _, c := range contacts {
				from, to := of.of(c.person).On(d), of.of(c.other).On(d)
				if from != nil && to != nil {
					units[[2]uint32{from.Unit, to.Unit}] += c.interactions
				}
			}
			for unit, interactions := range units {
				rows.keep(d.Time(), w.run, tool, of.units[unit[0]], of.units[unit[1]], interactions)
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
