package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/query"
)

// The command checks the figures with a server and without one; a server tells of it in /api/v1/trust.
func TestSelfCheckCommand(t *testing.T) {
	h := newHouse(t)
	server := h.serve()
	h.must("import", "people", writeFile(t, "people.csv", tenPeople()))
	h.must("import", "ndjson", "--source", "wiki", writeFile(t, "events.ndjson", eventLines(20, "2026-11-03")))
	reader := h.must("token", "create", "--reader", "me")
	state := func() string {
		var trust query.TrustAnswer
		server.get(reader, "/api/v1/trust", &trust)
		return trust.SelfCheck.State
	}
	require.Equal(t, query.SelfCheckNever, state())
	require.Regexp(t, `^[\d,]+ figures checked, all agree$`, h.must("selfcheck"))
	require.Equal(t, query.SelfCheckPassed, state())
	server.stop()
	require.Regexp(t, `^[\d,]+ figures checked, all agree$`, h.must("selfcheck"))
	require.Equal(t, exitUsage, h.run("selfcheck", "now").code)
}
