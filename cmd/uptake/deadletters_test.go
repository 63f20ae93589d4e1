package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/ingest"
)

// What ClickHouse refuses is listed, shown, and in the figures once after its cause is gone, with a server and without
// one; what is no message can only be dropped.
func TestDeadLettersFromTheTerminal(t *testing.T) {
	const day = "2026-11-03"
	h := newHouse(t)
	token, reader := h.must("token", "create", "--source", "wiki"), h.must("token", "create", "--reader", "me")
	require.Empty(t, h.must("dead-letters", "list"))
	h.must("import", "people", writeFile(t, "people.csv", tenPeople()))
	h.query("ALTER TABLE events ADD CONSTRAINT poison CHECK tool != 'poison'")
	spool, err := ingest.OpenSpool(t.Context(), ingest.SpoolConfig{Dir: filepath.Join(h.dir, "spool")})
	require.NoError(t, err)
	require.NoError(t, spool.Publish(t.Context(), []byte("no message at all")))
	spool.Close()

	s := h.serve()
	status, body, err := s.send(token, "/v1/events", "application/x-ndjson", strings.NewReader(
		`{"id":"m-17","time":"never","tool":"wiki","actor":"p01@example.org","action":"edit"}`+"\n"+eventLines(5, day)+strings.ReplaceAll(strings.ReplaceAll(eventLines(3, day), "wiki", "poison"), `"id":"`, `"id":"p`)))
	require.NoError(t, err)
	require.Equal(t, 202, status, "%s", body)
	s.settle(reader)
	list := strings.Split(h.must("dead-letters", "list"), "\n")
	require.Len(t, list, 5, "a head, three events and what is none")
	var numbers []string
	var unreadable string
	for _, line := range list[1:] {
		fields := strings.Fields(line)
		if strings.Contains(line, "cannot be read") {
			unreadable = fields[0]
			continue
		}
		require.Contains(t, line, "violated")
		numbers = append(numbers, fields[0])
	}
	require.Len(t, numbers, 3)
	shown := h.must("dead-letters", "show", numbers[0])
	require.Regexp(t, `tool +poison`, shown)
	require.Regexp(t, `actor +[0-9a-f]{8}…`, shown)
	require.NotContains(t, shown, "example.org")

	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{exitUsage, "--yes", []string{"drop", unreadable}},
		{exitUsage, "say list", []string{"replay"}},
		{exitUsage, "say list", []string{"replay", "--all", "3"}},
		{exitUsage, "say list", []string{"list", "3"}},
		{exitUsage, "say list", []string{"refused", "3"}},
		{exitUsage, "is no number", []string{"show", "x"}},
		{exitFailed, "There is no dead letter", []string{"show", "99"}},
		{exitFailed, "cannot be replayed", []string{"replay", unreadable}},
	} {
		r := h.run(append([]string{"dead-letters"}, c.args...)...)
		require.Equal(t, c.code, r.code, "%s: %s", c.args, r.stderr)
		require.Contains(t, r.stderr, c.says)
	}
	r := h.run("dead-letters", "replay", numbers[0])
	require.Zero(t, r.code, r.stderr)
	require.Contains(t, r.stderr, "4 dead letters could not be loaded", "the cause is still there")
	require.Zero(t, s.stop())
	refused := strings.Split(h.must("dead-letters", "refused"), "\n")
	require.Len(t, refused, 2, "a head and one event")
	require.Regexp(t, `wiki +time +.* m-17$`, refused[1])
	require.NotContains(t, refused[1], "example.org")

	h.query("ALTER TABLE events DROP CONSTRAINT poison")
	r = h.run("dead-letters", "replay", "--all") // without a server
	require.Zero(t, r.code, r.stderr)
	require.Contains(t, r.stderr, "3 events of 3 dead letters went back")
	require.Contains(t, r.stderr, "1 dead letter cannot be read")
	require.Contains(t, h.run("dead-letters", "replay", "--all").stderr, "0 events")
	s = h.serve()
	s.settle(reader)
	require.Equal(t, 5, *s.adoption(reader, "wiki", day, false)[0].Actions)
	require.Equal(t, 3, *s.adoption(reader, "poison", day, false)[0].Actions)
	r = h.run("dead-letters", "drop", "--all", "--yes")
	require.Zero(t, r.code, r.stderr)
	require.Contains(t, r.stderr, "1 dead letter dropped.")
	require.Empty(t, h.must("dead-letters", "list"))
	require.Equal(t, exitFailed, h.run("dead-letters", "drop", fmt.Sprint(unreadable), "--yes").code)
}
