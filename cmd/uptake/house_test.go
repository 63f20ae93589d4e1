package main

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// houseRules says which of the house's packages each may import, apart from its own subfolders; tests may import more.
// std: nothing but the standard library, and what may names, beside them.
var houseRules = map[string]struct {
	may []string
	std bool
}{
	"uptake/adoption":           {std: true},
	"uptake/value":              {std: true, may: []string{"uptake/adoption", "uptake/value/assumptions", "gonum.org/v1/gonum"}},
	"uptake/value/assumptions":  {std: true, may: []string{"uptake/adoption", "uptake/value/cash", "github.com/goccy/go-yaml"}},
	"uptake/value/ledger":       {may: []string{"uptake/adoption"}}, // keeps what people enter; the models know nothing of it
	"uptake/access":             {may: []string{"uptake/adoption"}},
	"uptake/clickhouse":         {},
	"uptake/migrations":         {may: []string{"uptake/adoption"}},
	"uptake/ingest":             {may: []string{"uptake/adoption", "uptake/ingest/refresh"}},
	"uptake/ingest/refresh":     {may: []string{"uptake/adoption"}},
	"uptake/ingest/source/demo": {may: []string{"uptake/adoption", "uptake/ingest", "uptake/ingest/refresh"}},
	"uptake/query":              {may: []string{"uptake/adoption", "uptake/value", "uptake/value/assumptions", "uptake/value/campaign", "uptake/value/effect", "uptake/value/ledger", "uptake/value/pilot", "uptake/value/stage", "uptake/value/target", "uptake/value/worth"}},
	"uptake/dashboard":          {may: []string{"uptake/access", "uptake/adoption", "uptake/value/assumptions", "uptake/value/campaign", "uptake/value/effect", "uptake/value/ledger", "uptake/value/pilot", "uptake/value/stage", "uptake/value/target", "uptake/value/worth", "uptake/query"}}, // of value: the shapes that answers are made of
	"uptake/cmd":                {may: []string{"uptake"}},
	// Not of the product: what tests stand on.
	"uptake/clickhouse/clickhousetest": {may: []string{"uptake/clickhouse", "uptake/clickhouse/embedded"}},
}

const gin = "github.com/gin-gonic/gin"

// Who may import whom, as DESIGN.md has it. A package that is not in the list has no place in the house yet.
func TestWhoImportsWhom(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "uptake/...").Output()
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	checked := 0
	for decoder.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		require.NoError(t, decoder.Decode(&p))
		owner := ownerOf(p.ImportPath)
		require.NotEmpty(t, owner, "%s stands in no room of the house: see docs/CONTRIBUTING.md", p.ImportPath)
		for _, imported := range p.Imports {
			checked++
			if reason := forbidden(owner, imported); reason != "" {
				t.Errorf("%s must not import %s: %s", p.ImportPath, imported, reason)
			}
		}
	}
	require.Greater(t, checked, 100)
}

// ownerOf is the rule that a package stands under: the longest that leads to it.
func ownerOf(path string) (owner string) {
	for rule := range houseRules {
		if within(path, rule) && len(rule) > len(owner) {
			owner = rule
		}
	}
	return owner
}

func within(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

func forbidden(owner, imported string) string {
	rule := houseRules[owner]
	switch {
	case imported == gin && owner != "uptake/dashboard":
		return "only dashboard knows Gin"
	case within(imported, "uptake/cmd") && owner != "uptake/cmd":
		return "nothing imports cmd"
	case !within(imported, "uptake"):
		named := slices.ContainsFunc(rule.may, func(may string) bool { return within(imported, may) })
		if rule.std && !named && strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
			return "the standard library only"
		}
		return ""
	case ownerOf(imported) == owner, slices.ContainsFunc(rule.may, func(may string) bool { return imported == may || may == "uptake" }):
		return ""
	}
	return "allowed are " + strings.Join(append(rule.may, owner), ", ")
}

func TestTheRuleItselfBites(t *testing.T) {
	require.NotEmpty(t, forbidden("uptake/query", "uptake/ingest"))
	require.NotEmpty(t, forbidden("uptake/query", gin))
	require.NotEmpty(t, forbidden("uptake/adoption", "github.com/google/uuid"))
	require.NotEmpty(t, forbidden("uptake/value", "github.com/google/uuid"))
	require.NotEmpty(t, forbidden("uptake/value", "uptake/query"))
	require.Empty(t, forbidden("uptake/value", "gonum.org/v1/gonum/stat/distuv"))
	require.NotEmpty(t, forbidden("uptake/dashboard", "uptake/cmd/uptake/config"))
	require.NotEmpty(t, forbidden("uptake/ingest", "uptake/ingest/source/demo"))
	require.Empty(t, forbidden("uptake/ingest", "uptake/ingest/refresh"))
	require.Empty(t, forbidden("uptake/dashboard", "uptake/dashboard/chart"))
}
