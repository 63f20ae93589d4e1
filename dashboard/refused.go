package dashboard

import (
	"context"
	"time"
)

const (
	refusedMoments = 100 // that the page reads
	refusedShown   = 50  // events on it
)

// refusedView is which events the door refused lately, and why. They were never accepted: there is nothing to load.
type refusedView struct {
	Failed string
	Rows   []refusedRow
	More   string // how many more there are, "" for none
}

type refusedRow struct{ Field, Reason, ID, Source, Time string }

func (d *reader) refusedView(ctx context.Context, zone *time.Location) *refusedView {
	list, err := d.cfg.DeadLetters.Refused(ctx, refusedMoments)
	if err != nil {
		return &refusedView{Failed: d.sectionError("refused events", err)}
	}
	v, more := &refusedView{}, 0
	for _, of := range list {
		more += of.More
		for _, e := range of.Events {
			if len(v.Rows) == refusedShown {
				more++
				continue
			}
			v.Rows = append(v.Rows, refusedRow{Field: e.Field, Reason: e.Reason, ID: e.ID, Source: of.Source, Time: d.clock(of.Time, zone)})
		}
	}
	if more > 0 {
		v.More = d.words.text("letters.door_more", "n", count(d.locale, more))
	}
	return v
}
