package main

import (
	"bytes"
	"context"
	"flag"
	"net/http"
	"net/url"
	"os"
	"strings"

	"uptake/adoption"
	"uptake/dashboard"
)

var reportCommand = command{
	name:    "report",
	args:    "board-pack|campaigns FILE",
	summary: "write a report as a PDF",
	help: `Usage: uptake report board-pack FILE [--unit ID] [--tool ID] [--from DAY] [--to DAY] [--language en|de] [--paper a4|letter]
       uptake report campaigns FILE [the same]

The board pack has adoption, engagement, value with its assumptions, pilots, risks and the method; the
other one, for marketing, what each campaign cost and brought. FILE is written anew; - is standard output.
The same PDFs are at /reports/board-pack.pdf and /reports/campaigns.pdf.`,
	prepare: func(m *Main, flags *flag.FlagSet) func(context.Context, []string) error {
		values := map[string]*string{
			"unit": flags.String("unit", "", "`ID` of the unit that it is about; else the company"),
			"tool": flags.String("tool", "", "`ID` of the tool; else all of them"),
			"from": flags.String("from", "", "first `DAY` of value, such as 2026-01-01; else a year before the last"),
			"to":   flags.String("to", "", "last `DAY`; else yesterday"),
			"lang": flags.String("language", "", "`LANGUAGE` of its words: en or de"), "paper": flags.String("paper", "", "`SIZE`: a4 or letter"),
		}
		return func(ctx context.Context, args []string) error {
			if len(args) != 2 {
				return &usageError{message: "report: name a report (" + strings.Join(dashboard.Reports(), ", ") + ") and a file", command: "report"}
			}
			asked := url.Values{"report": {args[0]}}
			for name, value := range values {
				if *value != "" {
					asked.Set(name, *value)
				}
			}
			return m.withSession(ctx, "report", func(s *session) error {
				if err := s.settle(ctx); err != nil {
					return err
				}
				var made reportFile
				if err := s.call(ctx, request{method: http.MethodGet, path: "/control/report", query: asked}, &made); err != nil {
					return err
				}
				return m.keepReport(args[1], made.PDF)
			})
		}
	},
}

// reportFile is a report on its way to the command that asked for it.
type reportFile struct {
	PDF []byte `json:"pdf"`
}

// keepReport writes a report where it is wanted.
func (m *Main) keepReport(file string, pdf []byte) error {
	if file == "-" {
		_, err := m.Stdout.Write(pdf)
		return err
	}
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		return &adoption.Error{Code: adoption.InvalidParameter, Message: "The report could not be written: " + err.Error(), Err: err}
	}
	return m.print("%s written", file)
}

// makeReport writes a report of the company that the pages show.
func (a *app) makeReport(r *http.Request) (any, error) {
	var out bytes.Buffer
	values := r.URL.Query()
	err := dashboard.WriteReport(r.Context(), a.shown, a.log, values.Get("report"), values, &out)
	return reportFile{out.Bytes()}, err
}
