package query

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"uptake/adoption"
)

// States of the self-check.
const (
	SelfCheckNever  = "never"  // none has ended yet
	SelfCheckPassed = "passed" // every check held
	SelfCheckFailed = "failed" // figures contradict each other or the facts
)

const (
	selfCheckWithin   = 10 * time.Minute
	selfCheckFailures = 100 // that are kept by name; all are counted
)

// SelfCheck is what the last self-check that ended has found: whether the figures agree with each other and with the
// facts that they were made from. It names units, tools, days and figures, never a value and never a person.
type SelfCheck struct {
	State         string             `json:"state"`
	Ended         *time.Time         `json:"ended"`        // when the last one ended; nil where none has
	LastSuccess   *time.Time         `json:"last_success"` // when the last one ended in which every check held
	Checks        uint64             `json:"checks"`       // figures that were held against something
	Days          []adoption.Day     `json:"days"`         // whose figures were counted anew from the facts
	FailuresTotal uint64             `json:"failures_total"`
	Failures      []SelfCheckFailure `json:"failures"` // newest days first, at most 100
}

// SelfCheckFailure is a figure that is not what it should be.
type SelfCheckFailure struct {
	Check  string       `json:"check"`  // "facts" (counted anew it differs), "total" (of all people it differs), "within" (it contradicts a figure of its own row or day), "week" (it contradicts active_7 of the week's Sunday), "parent" (it is not the sum of the units below)
	Unit   string       `json:"unit"`   // as the KPI tables name it, or a unit of the tree; an attribute, of which all values together are wrong
	Tool   string       `json:"tool"`   // "all" for all tools, and for headcounts
	Date   adoption.Day `json:"date"`   // the day of the figure; of a week its Sunday
	Figure string       `json:"figure"` // as in an adoption row
}

// errUnsettled says that the figures did not stand still, so that nothing can be said about them.
var errUnsettled = errors.New("the figures change too often to be checked")

// SelfCheck checks the figures now, takes at most ten minutes, and keeps and returns what it has found:
//
//   - on every day with figures: what a row says must not contradict itself, the sizes beside it, or, on Sundays, the
//     life cycle of the week that ends there;
//   - on the last two days that are over and on older ones chosen by chance: sizes and use of units chosen by chance
//     (all, where there are few), and the life cycle of two weeks, counted anew from person_day, membership and licences
//     by statements that have nothing in common with those of the refresh; the active people of the whole company; on
//     these days also histograms, habits and interactions, in these weeks cohorts, beginnings and the sums of attributes;
//   - on the last day that is over: every unit of the tree is the sum of the units below it, and the company that of all.
//
// It reads what readers see, before anything is hidden. An error says that it could not be ended or written down, and nothing
// about the figures: what is known of the last one stays. While a change of the directory waits to be in the figures it cannot begin.
func (c *Company) SelfCheck(ctx context.Context) (SelfCheck, error) {
	c.checked.running.Lock()
	defer c.checked.running.Unlock()
	ctx, cancel := context.WithTimeout(ctx, selfCheckWithin)
	defer cancel()
	run := &selfCheck{c: c, failed: map[SelfCheckFailure]bool{}}
	if err := run.do(ctx); err != nil {
		return SelfCheck{}, fmt.Errorf("check the figures: %w", err)
	}
	if err := c.keepSelfCheck(ctx, run); err != nil {
		return SelfCheck{}, err
	}
	return c.LastSelfCheck(ctx)
}

// result is what a run has found.
func (r *selfCheck) result(now time.Time, lastSuccess *time.Time) SelfCheck {
	now = now.UTC().Truncate(time.Second)
	result := SelfCheck{State: SelfCheckPassed, Ended: &now, LastSuccess: &now, Checks: r.checks, Days: r.days, FailuresTotal: uint64(len(r.failed))}
	if len(r.failed) > 0 {
		result.State, result.LastSuccess = SelfCheckFailed, lastSuccess
	}
	for f := range r.failed {
		result.Failures = append(result.Failures, f)
	}
	slices.SortFunc(result.Failures, func(a, b SelfCheckFailure) int {
		return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Tool, b.Tool), cmp.Compare(a.Figure, b.Figure), cmp.Compare(a.Check, b.Check))
	})
	result.Failures = result.Failures[:min(len(result.Failures), selfCheckFailures)]
	return result
}
