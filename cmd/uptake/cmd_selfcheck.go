package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"text/tabwriter"

	"uptake/adoption"
	"uptake/query"
)

var selfCheckCommand = command{
	name:    "selfcheck",
	summary: "hold the figures against each other and against the facts, now",
	help: `Usage: uptake selfcheck

A server does this some minutes after its start and every night. It takes seconds, at 130,000
people some minutes. Figures that are not what they should be are listed with their unit, tool
and day, and the exit code is 1; their values, which may be of small groups, are not told.`,
	stopped: "Nothing was changed, and the last result still stands: give the same command again.",
	prepare: func(m *Main, _ *flag.FlagSet) func(context.Context, []string) error {
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return &usageError{message: "selfcheck takes no arguments", command: "selfcheck"}
			}
			return m.withSession(ctx, "selfcheck", func(s *session) error {
				if err := s.settle(ctx); err != nil { // there is nothing to compare with while the directory is ahead
					return err
				}
				var found query.SelfCheck
				if err := s.call(ctx, request{method: http.MethodPost, path: "/control/selfcheck"}, &found); err != nil {
					return err
				}
				return m.tellSelfCheck(&found)
			})
		}
	},
}

// tellSelfCheck prints what was found. It is an error where figures are wrong.
func (m *Main) tellSelfCheck(found *query.SelfCheck) error {
	if found.FailuresTotal == 0 {
		return m.print("%s checked, all agree", plural(int64(found.Checks), "figure"))
	}
	table := tabwriter.NewWriter(m.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "DAY\tUNIT\tTOOL\tFIGURE\tCHECK")
	for _, f := range found.Failures {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", f.Date, f.Unit, f.Tool, f.Figure, f.Check)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return &adoption.Error{Code: adoption.Conflict, Message: fmt.Sprintf("%s checked, %d not what they should be.", plural(int64(found.Checks), "figure"), found.FailuresTotal)}
}

// selfCheck checks the figures of the company that the pages show.
func (a *app) selfCheck(r *http.Request) (any, error) { return a.shown().SelfCheck(r.Context()) }
