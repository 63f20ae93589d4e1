package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"uptake/adoption"
)

// sourceHeader names the source that events sent over the control socket are counted for.
const sourceHeader = "Uptake-Source"

// importEvents sends one NDJSON file and returns how many of its lines were wrong.
func (m *Main) importEvents(ctx context.Context, s *session, o importOptions, _, file string) (wrong int64, err error) {
	if o.strict {
		if err := m.checkEvents(ctx, s, o, file); err != nil {
			return 0, err
		}
	}
	state := &importState{Source: o.source}
	if file != "-" { // of standard input nothing is kept: it cannot be read again
		if state, err = openImport(m.config.Data, o.source, file, o.again); err != nil {
			return 0, err
		}
	}
	if state.Done {
		m.console.note("%s was imported already: %s, %s left out. --again reads it once more.", file, plural(state.Accepted, "event"), thousands(state.Rejected))
		return 0, nil
	}
	report := badReport{c: m.console, file: file}
	begun := *state
	err = m.eachBatch(ctx, file, state, "Importing "+file, func(b *batch) error {
		answer, err := s.sendEvents(ctx, o.source, b, false)
		if err != nil {
			return err
		}
		bad := b.merge(answer)
		for _, line := range bad {
			report.add(line)
		}
		state.Offset, state.Line = b.end, b.last
		state.Accepted += answer.Accepted
		state.Rejected += int64(len(bad))
		return state.save()
	})
	report.end()
	if err != nil {
		return report.total, err
	}
	state.Done = true
	m.console.note("%s: %s in, %s left out.", file, plural(state.Accepted-begun.Accepted, "event"), thousands(state.Rejected-begun.Rejected))
	return report.total, state.save()
}

// checkEvents reads a file as an import would, and fails if a line is wrong, before anything has gone in.
func (m *Main) checkEvents(ctx context.Context, s *session, o importOptions, file string) error {
	if file == "-" {
		return errors.New("--strict reads twice, so it needs a file; standard input can be read only once")
	}
	report := badReport{c: m.console, file: file}
	err := m.eachBatch(ctx, file, &importState{}, "Checking "+file, func(b *batch) error {
		answer, err := s.sendEvents(ctx, o.source, b, true)
		if err != nil {
			return err
		}
		for _, line := range b.merge(answer) {
			report.add(line)
		}
		return nil
	})
	report.end()
	if err == nil && report.total > 0 {
		err = fmt.Errorf("%s wrong. Nothing was imported, because the import is strict", plural(report.total, "line"))
	}
	return err
}

// eachBatch reads a file from where state says, batch by batch, and draws how far it is. On success state.Size is the
// file's.
func (m *Main) eachBatch(ctx context.Context, file string, state *importState, what string, send func(*batch) error) error {
	r, size, closeFile, err := m.openFile(file)
	if err != nil {
		return err
	}
	lines, err := openLines(r, closeFile)
	if err != nil {
		return errors.Join(err, closeFile())
	}
	defer func() { _ = lines.close() }() // it was only read
	if err := lines.skip(state.Offset, state.Line); err != nil {
		return err
	}
	bar := m.console.progress(what, "bytes")
	for {
		if err := ctx.Err(); err != nil {
			bar.end("Stopped at line %d; a repeat goes on there.", state.Line)
			return err
		}
		b, err := lines.nextBatch()
		if errors.Is(err, io.EOF) {
			bar.end("")
			state.Size = size
			return nil
		}
		if err == nil {
			err = send(b)
		}
		if err != nil {
			bar.end("%s: stopped behind line %d.", what, state.Line)
			return err
		}
		bar.set(lines.raw.n, size)
	}
}

// eventsAnswer is the answer of the door for a batch.
type eventsAnswer struct {
	Accepted int64
	Rejected []struct {
		Index         int
		Field, Reason string
	}
}

// sendEvents brings a batch to the door, or only has it checked there. While the spool is full it waits.
func (s *session) sendEvents(ctx context.Context, source string, b *batch, check bool) (answer eventsAnswer, err error) {
	if len(b.numbers) == 0 {
		return answer, nil
	}
	q := request{method: http.MethodPost, path: "/v1/events", body: b.body, query: url.Values{},
		header: http.Header{"Content-Type": {"application/x-ndjson"}, sourceHeader: {source}}}
	if check {
		q.query.Set("check", "1")
	}
	for pause := time.Second; ; pause = min(2*pause, 15*time.Second) {
		err := s.call(ctx, q, &answer)
		if !isBusy(err) {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return answer, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// merge is what was wrong with a batch, in the order of its lines.
func (b *batch) merge(answer eventsAnswer) []badLine {
	bad := b.bad
	for _, r := range answer.Rejected {
		bad = append(bad, badLine{b.numbers[r.Index], r.Field, r.Reason})
	}
	slices.SortFunc(bad, func(a, b badLine) int { return cmp.Compare(a.number, b.number) })
	return bad
}

// isBusy tells whether an answer asks to try again later.
func isBusy(err error) bool {
	code := adoption.CodeOf(err)
	return code == adoption.Unavailable || code == adoption.TooMany
}
