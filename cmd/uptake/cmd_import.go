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
	"strings"

	"uptake/ingest"
)

var importCommand = command{
	name:    "import",
	args:    "ndjson|people|units|licences|tools|outcomes FILE…",
	summary: "bring in events, the directory or outcomes from files",
	help: `Usage: uptake import ndjson [--source NAME] [--again] [--strict] FILE…
       uptake import people|units|licences|tools [--strict] FILE…
       uptake import outcomes [--source NAME] FILE…

FILE may be packed with gzip; - is standard input. An import of events can be stopped and
repeated: it goes on where it was, and what is sent twice counts once. Lines that are wrong
are left out and told with their number and reason, or with --strict keep the file out; outcomes (unit,date,metric,value) are always strict.
The command ends when everything is in the figures. docs/api.md describes the files.`,
	stopped: "The events that were acknowledged are kept, a file of the directory or of outcomes is in wholly or not at all, and what is in comes into the figures at the next start or in a running server: give the same command again to go on.",
	prepare: func(m *Main, flags *flag.FlagSet) func(context.Context, []string) error {
		var o importOptions
		flags.StringVar(&o.source, "source", "import", "the `NAME` of the source that the events are counted for")
		flags.BoolVar(&o.strict, "strict", false, "let nothing of a file in if one of its lines is wrong")
		flags.BoolVar(&o.again, "again", false, "read a file from its beginning that was imported already")
		flags.BoolVar(&o.noWait, "no-wait", false, "do not wait for the figures")
		return func(ctx context.Context, args []string) error { return m.runImport(ctx, o, args) }
	},
}

type importOptions struct {
	source                string
	strict, again, noWait bool
}

var importKinds = []string{"ndjson", "people", "units", "licences", "tools", "outcomes"}

func (m *Main) runImport(ctx context.Context, o importOptions, args []string) error {
	if len(args) < 2 {
		return &usageError{message: "import: say what to import and from which file", command: "import"}
	}
	kind, files := args[0], args[1:]
	read := m.importDirectory
	switch kind {
	case "ndjson":
		read = m.importEvents
	case "people", "units", "licences", "tools":
	case "outcomes":
		read, o.noWait = m.importOutcomes, true // no figure is made of them
	default:
		return &usageError{message: fmt.Sprintf("import: %q is none of %s", kind, strings.Join(importKinds, ", ")), command: "import"}
	}
	return m.withSession(ctx, "import", func(s *session) error {
		var wrong int64
		for _, file := range files {
			n, err := read(ctx, s, o, kind, file)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			wrong += n
		}
		if !o.noWait {
			if err := s.settle(ctx); err != nil {
				return err
			}
		}
		if wrong > 0 && o.strict {
			return fmt.Errorf("%s wrong", plural(wrong, "line"))
		}
		return nil
	})
}

// importDirectory sends one CSV file and returns how many of its lines were wrong.
func (m *Main) importDirectory(ctx context.Context, s *session, o importOptions, kind, file string) (wrong int64, err error) {
	text, err := m.readWhole(file)
	if err != nil {
		return 0, err
	}
	q := request{method: http.MethodPost, path: "/v1/directory/" + kind, body: text, header: http.Header{"Content-Type": {"text/csv"}}, query: url.Values{}}
	if o.strict {
		q.query.Set("strict", "1")
	}
	return m.sendLines(ctx, s, q, file)
}

// importOutcomes sends one CSV file of outcomes. Where a line is wrong, nothing of it goes in.
func (m *Main) importOutcomes(ctx context.Context, s *session, o importOptions, _, file string) (wrong int64, err error) {
	text, err := m.readWhole(file)
	if err != nil {
		return 0, err
	}
	return m.sendLines(ctx, s, request{method: http.MethodPost, path: ingest.OutcomesPath, body: text, header: http.Header{sourceHeader: {o.source}}}, file)
}

func (m *Main) readWhole(file string) ([]byte, error) {
	r, _, closeFile, err := m.openFile(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = closeFile() }() // it was only read
	return io.ReadAll(r)
}

// sendLines sends a file of lines, tells what became of it, and returns how many lines were wrong.
func (m *Main) sendLines(ctx context.Context, s *session, q request, file string) (wrong int64, err error) {
	var result directoryAnswer
	err = s.call(ctx, q, &result)
	var refused *answerError
	if errors.As(err, &refused) { // a strict refusal lists the lines beside its error
		_ = json.Unmarshal(refused.body, &result)
	}
	report := badReport{c: m.console, file: file}
	for _, r := range result.Rejected {
		report.add(badLine{r.Line, r.Field, r.Reason})
	}
	report.total = result.RejectedTotal
	report.end()
	if err != nil {
		return 0, err
	}
	m.console.note("%s: %s read, %s changed something, %s left out.", file, plural(result.Accepted+result.RejectedTotal, "line"), thousands(result.Changed), thousands(result.RejectedTotal))
	return result.RejectedTotal, nil
}

// directoryAnswer is what the door says of a directory file.
type directoryAnswer struct {
	Accepted, Changed int64
	RejectedTotal     int64 `json:"rejected_total"`
	Rejected          []struct {
		Line          int64
		Field, Reason string
	}
}

// maxTold is how many wrong lines are told one by one.
const maxTold = 20

// badReport tells of wrong lines as they come, the first ones singly.
type badReport struct {
	c     *console
	file  string
	told  int
	total int64
}

func (b *badReport) add(line badLine) {
	b.total++
	if b.told >= maxTold {
		return
	}
	b.told++
	field := ""
	if line.field != "" {
		field = line.field + ": "
	}
	b.c.note("%s:%d: %s%s", b.file, line.number, field, line.reason)
}

func (b *badReport) end() {
	if rest := b.total - int64(b.told); rest > 0 {
		b.c.note("%s: and %s more like these.", b.file, plural(rest, "wrong line"))
	}
}
