package dashboard

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var templateKey = regexp.MustCompile(`\bt "([^"]+)"`)

// Every key that a template or a Go file names is in the catalogue, and every text of the catalogue is used.
func TestMessagesAreCompleteAndUsed(t *testing.T) {
	words := must(loadLanguages()).of(english).words
	used := map[string]bool{}
	prefixes := []string{"demo.preset.", "say."} // what query says, its own test walks
	require.NoError(t, fs.WalkDir(web, "web/templates", func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.IsDir() {
			return nil
		}
		body, err := web.ReadFile(path)
		require.NoError(t, err)
		for _, match := range templateKey.FindAllStringSubmatch(string(body), -1) {
			assert.True(t, words.has(match[1]), "%s names %s", path, match[1])
			used[match[1]] = true
		}
		return nil
	}))
	inspectSource(t, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		require.NoError(t, err)
		if words.has(text) {
			used[text] = true
		}
		if strings.HasSuffix(text, ".") && strings.ToLower(text) == text && !strings.ContainsAny(text, " /") {
			prefixes = append(prefixes, text)
		}
		return true
	})
	for key := range words.texts {
		known := used[key]
		for _, prefix := range prefixes {
			known = known || strings.HasPrefix(key, prefix)
		}
		assert.True(t, known, "nothing says %s", key)
	}
}

// inspectSource walks the package's own files.
func inspectSource(t *testing.T, visit func(ast.Node) bool) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, visit)
	}
}

// Plain words: sentence case, no exclamation marks, typographic apostrophes.
func TestMessagesSpeakPlainly(t *testing.T) {
	for _, one := range must(loadLanguages()).list {
		for key, message := range one.words.texts {
			for form, text := range message {
				assert.NotContains(t, text, "!", "%s of %s", key, one.Tag)
				assert.NotContains(t, text, "'", "%s of %s", key, one.Tag)
				assert.NotEmpty(t, text, "%s of %s has an empty form %s", key, one.Tag, form)
			}
			assert.NotEmpty(t, message[otherForm], "%s of %s", key, one.Tag)
		}
	}
}
