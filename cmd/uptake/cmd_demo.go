package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"uptake/cmd/uptake/config"
)

var demoCommand = command{
	name:    "demo",
	args:    "--preset law-firm|manufacturer|bank",
	summary: "make a demo company, or leave it",
	help: `Usage: uptake demo --preset law-firm|manufacturer|bank
       uptake demo --leave

A demo company of 50, 300 or 130,000 people with a year of days that ends yesterday. It lives
in a database of its own and is shown instead of the real company until it is left, by a click,
by --leave or by UPTAKE_DEMO=off. Events and files sent meanwhile go to the real company.`,
	stopped: "There is no new demo company, and the real one is as it was: give the same command again.",
	prepare: func(m *Main, flags *flag.FlagSet) func(context.Context, []string) error {
		preset := flags.String("preset", "", "`NAME` of the demo company: "+strings.Join(config.Presets, ", "))
		leave := flags.Bool("leave", false, "drop the demo company and show the real one")
		return func(ctx context.Context, args []string) error {
			switch {
			case len(args) > 0 || *leave == (*preset != ""):
				return &usageError{message: "demo: give either --preset NAME or --leave", command: "demo"}
			case *leave:
				return m.withSession(ctx, "demo", func(s *session) error {
					return s.call(ctx, request{method: http.MethodDelete, path: "/control/demo"}, nil)
				})
			case !slices.Contains(config.Presets, *preset):
				return &usageError{message: fmt.Sprintf("demo: there is no demo company %q: write %s", *preset, strings.Join(config.Presets, ", ")), command: "demo"}
			}
			return m.withSession(ctx, "demo", func(s *session) error { return m.makeDemo(ctx, s, *preset) })
		}
	},
}

// makeDemo has a demo company made and draws the progress.
func (m *Main) makeDemo(ctx context.Context, s *session, preset string) error {
	response, err := s.do(ctx, request{method: http.MethodPost, path: "/control/demo", query: url.Values{"preset": {preset}}})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	bar := m.console.progress("Making the demo company", "")
	lines := json.NewDecoder(response.Body)
	for {
		var line demoLine
		switch err := lines.Decode(&line); {
		case err != nil:
			bar.end("The demo company was not made.")
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("hear of the demo company: %w", err)
		case line.Error != "":
			bar.end("The demo company was not made.")
			return errors.New(line.Error)
		case line.Ready:
			bar.end("The demo company is ready; `uptake serve` shows it.")
			return nil
		}
		bar.set(line.Done, line.Total)
	}
}
