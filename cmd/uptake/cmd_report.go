package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
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
	help: `Usage: uptake report board-pack FILE [--unit ID] [--tool ID] [--from DAY] [--to DAY] [--period year|quarter]
         [--language en|de] [--paper a4|letter]
       uptake report campaigns FILE [the same]

The board pack has adoption, engagement, value with its assumptions, pilots, risks and the method; the
other one, for marketing, what each campaign cost and brought. FILE is written anew; - is standard output.
The same PDFs are at /reports/board-pack.pdf and /reports/campaigns.pdf.`,
	stopped: "No report was written, and a file of that name is as it was: give the same command again.",
	prepare: func(m *Main, flags *flag.FlagSet) func(context.Context, []string) error {
		values := map[string]*string{
			"unit":   flags.String("unit", "", "`ID` of the unit that it is about; else the company"),
			"tool":   flags.String("tool", "", "`ID` of the tool; else all of them"),
			"from":   flags.String("from", "", "first `DAY` of value, such as 2026-01-01; else a year before the last"),
			"period": flags.String("period", "", "instead of --from: the fiscal `YEAR` up to the last day, or its quarter"),
			"to":     flags.String("to", "", "last `DAY`; else yesterday"),
			"lang":   flags.String("language", "", "`LANGUAGE` of its words: en or de"), "paper": flags.String("paper", "", "`SIZE`: a4 or letter"),
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
				pdf, err := m.askReport(ctx, s, asked)
				if err != nil {
					return err
				}
				return m.keepReport(args[1], pdf)
			})
		}
	},
}

// reportLine is a line of the answer while a report is made, in parts. The last one bears PDF or Error.
type reportLine struct {
	Done, Total int
	PDF         []byte
	Error       string
}

// askReport has a report made and draws the progress.
func (m *Main) askReport(ctx context.Context, s *session, asked url.Values) ([]byte, error) {
	response, err := s.do(ctx, request{method: http.MethodGet, path: "/control/report", query: asked})
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	bar := m.console.progress("Writing the report", "parts")
	defer bar.end("")
	lines := json.NewDecoder(response.Body)
	for {
		var line reportLine
		switch err := lines.Decode(&line); {
		case err != nil:
			return nil, fmt.Errorf("hear of the report: %w", err)
		case line.Error != "":
			return nil, errors.New(line.Error)
		case line.PDF != nil:
			return line.PDF, nil
		}
		bar.set(int64(line.Done), int64(line.Total))
	}
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

// makeReport writes a report of the company that the pages show, and tells of its progress as it goes. It ends with who asked,
// and with an orderly end of the server.
func (a *app) makeReport(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(a.alive, cancel)()
	out, flush := json.NewEncoder(w), http.NewResponseController(w)
	w.Header().Set("Content-Type", "application/x-ndjson")
	var pdf bytes.Buffer
	values := r.URL.Query()
	err := dashboard.WriteReport(ctx, a.shown, a.log, values.Get("report"), values, &pdf, func(done, total int) {
		_ = out.Encode(reportLine{Done: done, Total: total})
		_ = flush.Flush()
	})
	if err != nil {
		_ = out.Encode(reportLine{Error: explain(err)})
		return
	}
	_ = out.Encode(reportLine{PDF: pdf.Bytes()})
}
