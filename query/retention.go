package query

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"uptake/adoption"
)

const (
	// retentionWeeks is for how many weeks after its own a cohort is followed.
	retentionWeeks = 52
	// cohortMonths is how many months of cohorts a question by month is about where it names none.
	cohortMonths = 6
	// maxRetention bounds one answer: cohorts × groups × weeks.
	maxRetention = 200_000
)

// RetentionAnswer is the shape of GET /api/v1/retention.
type RetentionAnswer = Answer[RetentionRow]

// RetentionRow follows a cohort: the people of a unit who were active with a tool for the first time ever in an ISO week,
// or in a month. They are those whom the life cycle of their week counts as new: placed in the unit and enabled on that week's
// last day (while it runs: on the last closed day), wherever they are later. Suppressed: they are hidden, or they are too few
// for any later week to be told.
type RetentionRow struct {
	RowFrame
	Cohort adoption.Day    `json:"cohort"` // its first day: a Monday, or the first of a month
	Size   *uint64         `json:"size"`   // its people; nil where the group is hidden
	Weeks  []RetentionWeek `json:"weeks"`  // by k, from 0 to the week that runs, at most to 52
}

// RetentionWeek is how many of a cohort were active k weeks after the week of their first activity. For a cohort of a month
// that is another week for each of its weeks; k ends where it ends for the last of them. Nil where it would tell about
// too few people; Rate also where nobody is in the cohort.
type RetentionWeek struct {
	K       int      `json:"k"`
	Active  *uint64  `json:"active"`
	Rate    *float64 `json:"rate"`    // active ÷ size
	Running bool     `json:"running"` // a week counted is not over
}

// ParseRetention reads a question about retention from URL parameters, as ParseAdoption does. The grain is week, which is
// the default, or month; from and to say which cohorts. Left out are those of the last 13 ISO weeks or the last 6 months, the one that
// holds to included.
func ParseRetention(values url.Values, today adoption.Day) (AdoptionQuestion, error) {
	start := func(to adoption.Day) adoption.Day { return max(to.Monday()-7*(lifecycleWeeks-1), 0) }
	if values.Get("grain") == string(adoption.ByMonth) {
		start = func(to adoption.Day) adoption.Day {
			first := to.FirstOfMonth()
			for range cohortMonths - 1 {
				first = max(first-1, 0).FirstOfMonth()
			}
			return first
		}
	}
	q, err := parseQuestion(values, AdoptionQuestion{To: today, Grain: adoption.ByWeek}, start)
	if err != nil {
		return q, err
	}
	return q, byCohort(q)
}

// byCohort refuses every grain but week and month.
func byCohort(q AdoptionQuestion) error {
	if q.Grain != adoption.ByWeek && q.Grain != adoption.ByMonth {
		return adoption.Invalid("grain", "Cohorts begin in a week or in a month. Write week or month.")
	}
	return nil
}

// Retention answers which share of those who began in a week or month was active k weeks later. From and To choose the
// cohorts; each is followed up to today. Errors are those of Adoption; a grain other than week and month is
// InvalidParameter, none is week.
func (c *Company) Retention(ctx context.Context, q AdoptionQuestion) (*RetentionAnswer, error) {
	if q.Grain == "" {
		q.Grain = adoption.ByWeek
	}
	if err := byCohort(q); err != nil {
		return nil, err
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	answer := &RetentionAnswer{Header: c.header(c.Today())}
	err := c.consistently(ctx, func(snap *snapshot) error {
		rows, err := c.retentionRows(ctx, snap, q)
		answer.Rows = rows
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

func (c *Company) retentionRows(ctx context.Context, snap *snapshot, q AdoptionQuestion) ([]RetentionRow, error) {
	at, err := snap.place(q.Unit)
	if err != nil {
		return nil, err
	}
	if err := snap.hasTool(q.Tool); err != nil {
		return nil, err
	}
	ends := slices.DeleteFunc(adoption.PeriodEnds(q.From, q.To, q.Grain, snap.state.today), func(e adoption.PeriodEnd) bool { return !snap.days[e.Date] })
	groups := 1
	if q.Children {
		groups = len(snap.tree.nodes[at.node].children) + 2
	}
	if len(ends)*groups*retentionWeeks > maxRetention {
		return nil, adoption.Invalid("from", fmt.Sprintf("That is more than %d figures. Ask for a shorter span or without children.", maxRetention))
	}
	rows := []RetentionRow{}
	if len(ends) == 0 {
		return rows, nil
	}
	g, err := c.cohortGate(ctx, snap, at.node, q.Tool, q.Grain, ends)
	if err != nil {
		return nil, err
	}
	for _, end := range ends {
		rows = append(rows, g.cohortRows(at, end, q.Children)...)
	}
	if at.rest && len(rows) == 0 {
		return nil, noRest(q.Unit)
	}
	return rows, nil
}

// cohortGate reads what the cohorts of some periods need, of a node and those below it, and judges it.
func (c *Company) cohortGate(ctx context.Context, snap *snapshot, of int, tool string, grain adoption.Grain, ends []adoption.PeriodEnd) (*cohortGate, error) {
	g := &cohortGate{tool: tool, grain: grain, running: snap.state.today.Monday()}
	s := snap.tree.whole()
	days := []adoption.Day{}
	for _, end := range ends {
		days = append(days, end.Date)
		for week := range g.weeksOf(end.Date) {
			if judged := snap.lifecycleDay(week); snap.days[judged] {
				days = append(days, judged)
			}
		}
	}
	r, err := c.read(ctx, snap, s, need{days: distinct(days), tools: []string{tool}})
	if err != nil {
		return nil, err
	}
	g.gate = newGate(snap, s, r, c.minGroup())
	if g.book, err = c.cohortBook(ctx, s, tool); err != nil {
		return nil, err
	}
	var weeks []adoption.Day
	for week := g.firstWeek(ends[0].Date); week <= min(g.lastWeek(ends[len(ends)-1].Date)+7*retentionWeeks, g.running); week += 7 {
		weeks = append(weeks, week)
	}
	g.followed, err = c.readCohorts(ctx, s, of, cohortsSQL, tool, weeks)
	return g, err
}
