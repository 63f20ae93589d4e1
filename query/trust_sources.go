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
	for source, days := range snap.broughtIn(book.first, today) {
		for day, events := range days {
			book.of(source).Days[day-book.first].Events = events
		}
	}
	complaints, err := c.complaints.get(c, today, func() (*complaints, error) { return c.readComplaints(ctx, book.first, today) })
	if err != nil {
		return nil, err
	}
	for _, u := range complaints.unknown {
		t := book.of(u.source)
		t.UnknownNames = append(t.UnknownNames, u.UnknownName)
		t.NamesTotal, t.UnknownEvents = u.names, u.events
	}
	for _, r := range complaints.refused {
		book.of(r.source).refuse(min(r.day, today)-book.first, r.Rejection) // the UTC day may be a day ahead of the zone's
	}
	return book.finish(snap), nil
}

// complaints are what is wrong with records of some days: names that nobody knows, and what was refused.
type complaints struct {
	unknown []unknownOf
	refused []refusedOf
}

// unknownOf is what a source calls something, beside how many names it has that nobody knows, and events under them.
type unknownOf struct {
	source        string
	names, events uint64
	UnknownName
}

type refusedOf struct {
	source string
	day    adoption.Day
	Rejection
}

func (c *Company) readComplaints(ctx context.Context, first, today adoption.Day) (*complaints, error) {
	found := &complaints{}
	p := params{"from": first.String(), "to": today.String(), "top": strconv.Itoa(topNames)}
	err := c.each(ctx, trustUnknownSQL, p, func(scan scanner) error {
		var u unknownOf
		err := scan(&u.source, &u.Name, &u.Events, &u.names, &u.events)
		found.unknown = append(found.unknown, u)
		return err
	})
	if err != nil {
		return nil, err
	}
	p = params{"from": first.String(), "to": (today + 1).String()}
	return found, c.each(ctx, trustRejectedSQL, p, func(scan scanner) error {
		var r refusedOf
		var at time.Time
		err := scan(&r.source, &at, &r.Field, &r.Reason, &r.Events)
		r.day = dayOf(at)
		found.refused = append(found.refused, r)
		return err
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
