package mapping

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every mapping in docs/mapping.md is one.
func TestExamplesOfTheDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/mapping.md")
	require.NoError(t, err)
	files := regexp.MustCompile(`(?m)^    # ([a-z-]+\.yaml)\n((?:    .*\n)+)`).FindAllStringSubmatch(string(text), -1)
	require.Len(t, files, 5)
	for _, file := range files {
		m, mistakes := Parse(file[1], []byte(strings.ReplaceAll("\n"+file[2], "\n    ", "\n")))
		require.Empty(t, mistakes)
		require.True(t, len(m.rules) > 0 || m.People().GroupType != "", file[1])
	}
}
