package query

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"strconv"
	"time"

	"uptake/adoption"
)

var (
	//go:embed trust_days.sql
	trustDaysSQL string
	//go:embed trust_rejected.sql
	trustRejectedSQL string
	//go:embed trust_unknown.sql
	trustUnknownSQL string
)

// sourceBook collects what is known of each source.
type sourceBook struct {
	first   adoption.Day // of the days shown
	sources map[string]*SourceTrust
}

// of is the entry of a source, made with all its days on first sight.
func (b *sourceBook) of(source string) *SourceTrust {
	if b.sources[source] == nil {
		t := &SourceTrust{Source: source, Tools: []string{}, Reasons: []Rejection{}, UnknownNames: []UnknownName{}, Gaps: []adoption.Day{}, Days: make([]SourceDay, trustDays)}
		for i := range t.Days {
			t.Days[i].Day = b.first + adoption.Day(i)
		}
		b.sources[source] = t
	}
	return b.sources[source]
}

// sourceTrust lists the sources that have brought events, of unknown names too, or had records refused in the days
// shown, by name.
func (c *Company) sourceTrust(ctx context.Context, snap *snapshot) ([]SourceTrust, error) {
	today := snap.state.today
	book := &sourceBook{first: today - trustDays + 1, sources: map[string]*SourceTrust{}}
	for _, f := range snap.feeds {
		book.of(f.source).take(f, c.now())
	}
	span := params{"from": book.first.String(), "to": today.String()}
	err := c.each(ctx, trustDaysSQL, span, func(scan scanner) error {
		var source string
		var day time.Time
		var events uint64
		if err := scan(&source, &day, &events); err != nil {
			return err
		}
		book.of(source).Days[dayOf(day)-book.first].Events = events
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := c.unknownNames(ctx, book, today); err != nil {
		return nil, err
	}
	span["to"] = (today + 1).String()
	err = c.each(ctx, trustRejectedSQL, span, func(scan scanner) error {
		var source string
		var day time.Time
		var r Rejection
		if err := scan(&source, &day, &r.Field, &r.Reason, &r.Events); err != nil {
			return err
		}
		book.of(source).refuse(min(dayOf(day), today)-book.first, r) // the UTC day may be a day ahead of the zone's
		return nil
	})
	if err != nil {
		return nil, err
	}
	return book.finish(snap), nil
}

// unknownNames notes what each source calls things that nobody knows.
func (c *Company) unknownNames(ctx context.Context, book *sourceBook, today adoption.Day) error {
	p := params{"from": book.first.String(), "to": today.String(), "top": strconv.Itoa(topNames)}
	return c.each(ctx, trustUnknownSQL, p, func(scan scanner) error {
		var source string
		var name UnknownName
		var names, events uint64
		if err := scan(&source, &name.Name, &name.Events, &names, &events); err != nil {
			return err
		}
		t := book.of(source)
		t.UnknownNames = append(t.UnknownNames, name)
		t.NamesTotal, t.UnknownEvents = names, events
		return nil
	})
}

// take adds what a source has brought of one tool.
func (t *SourceTrust) take(f feed, now time.Time) {
	t.Tools = append(t.Tools, f.tool)
	if t.FirstDay == nil || f.firstDay < *t.FirstDay {
		t.FirstDay = &f.firstDay
	}
	if t.LastEvent == nil || f.lastTime.After(*t.LastEvent) {
		t.LastEvent = &f.lastTime
	}
	if t.LastLoad == nil || f.lastReceived.After(*t.LastLoad) {
		t.LastLoad = &f.lastReceived
	}
	lag := max(int64(t.LastLoad.Sub(*t.LastEvent).Seconds()), 0)
	silent := max(int64(now.Sub(*t.LastLoad).Seconds()), 0)
	t.LagSeconds, t.SilentSeconds = &lag, &silent
}

// refuse adds refused records.
func (t *SourceTrust) refuse(day adoption.Day, r Rejection) {
	t.Days[day].Rejected += r.Events
	t.Rejected += r.Events
	if r.Field == "action" {
		t.UnknownActions += r.Events
	}
	for i := range t.Reasons {
		if t.Reasons[i].Field == r.Field && t.Reasons[i].Reason == r.Reason {
			t.Reasons[i].Events += r.Events
			return
		}
	}
	t.Reasons = append(t.Reasons, r)
}

// finish marks gaps, sorts and cuts.
func (b *sourceBook) finish(snap *snapshot) []SourceTrust {
	today := snap.state.today
	list := []SourceTrust{}
	for _, t := range b.sources {
		t.Gaps = append(t.Gaps, snap.gaps[t.Source].within(today-trustGaps, today-1)...)
		for _, d := range t.Gaps {
			if d >= b.first {
				t.Days[d-b.first].Gap = true
			}
		}
		slices.SortFunc(t.Reasons, func(x, y Rejection) int {
			return cmp.Or(cmp.Compare(y.Events, x.Events), cmp.Compare(x.Field, y.Field), cmp.Compare(x.Reason, y.Reason))
		})
		t.Reasons = t.Reasons[:min(len(t.Reasons), topReasons)]
		list = append(list, *t)
	}
	slices.SortFunc(list, func(x, y SourceTrust) int { return cmp.Compare(x.Source, y.Source) })
	return list
}
