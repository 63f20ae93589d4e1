package dashboard

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	quoted   = regexp.MustCompile("`([^`]+)`")
	testName = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
)

// keptRoutes reads the table of docs/metrics.md that says of each route what keeps it from telling of few: tests,
// or routes of whose rows it is made; none where it tells no figures of people.
func keptRoutes(t *testing.T) (kept map[string][]string) {
	t.Helper()
	text, err := os.ReadFile("../docs/metrics.md")
	require.NoError(t, err)
	_, table, there := strings.Cut(string(text), "| route | kept by |\n| --- | --- |\n")
	require.True(t, there)
	kept = map[string][]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != 2 {
			break
		}
		by := []string{}
		for _, name := range quoted.FindAllStringSubmatch(cells[1], -1) {
			by = append(by, name[1])
		}
		assert.True(t, len(by) > 0 || strings.Contains(cells[1], "no figures of people"), line)
		for _, route := range quoted.FindAllStringSubmatch(cells[0], -1) {
			assert.NotContains(t, kept, route[1])
			kept[route[1]] = by
		}
	}
	return kept
}

// Whatever the API answers is held by an attacker's test, is made of what such a test holds, or tells no figures of people:
// whoever adds a route says which.
func TestEveryRouteIsKeptFromTellingOfFew(t *testing.T) {
	kept, tests := keptRoutes(t), map[string]bool{}
	files, err := filepath.Glob("../query/*_test.go")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, name := range testName.FindAllStringSubmatch(string(text), -1) {
			tests[name[1]] = true
		}
	}
	served := map[string]bool{}
	for _, r := range emptyRig(t, nil).d.routes() {
		if strings.HasPrefix(r.path, "/api/") || r.path == "/metrics" || strings.HasPrefix(r.path, "/reports") {
			served[r.path] = true
		}
	}
	for route := range served {
		assert.True(t, kept[route] != nil, "%s: what keeps it from telling of few? Say so in docs/metrics.md", route)
	}
	for route, by := range kept {
		assert.True(t, served[route], "%s is in docs/metrics.md, and not served", route)
		for _, name := range by {
			assert.True(t, tests[name] || served[name] && name != route, "%s: %s is no test of package query, and no other route", route, name)
		}
	}
	assert.Greater(t, len(served), 30)
}
