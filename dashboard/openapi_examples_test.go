package dashboard

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The examples of the document and of docs/api.md are what the made-up company answers.
func TestExamplesAreTrue(t *testing.T) {
	v := newRig(t, nil).visitor()
	examples := map[string]string{}
	for name, example := range document(t).Components.Examples {
		if strings.HasPrefix(example.Value.Summary, "/api/") {
			text, err := json.Marshal(example.Value.Value)
			require.NoError(t, err, name)
			examples[example.Value.Summary] = string(text)
		}
	}
	require.Len(t, examples, 16)
	pages := examplesIn(t, "../docs/api.md")
	require.GreaterOrEqual(t, len(pages), 4)
	for _, told := range []map[string]string{examples, pages} {
		for path, want := range told {
			_, got := v.get(path, "Authorization", "Bearer reader-token")
			assert.JSONEq(t, want, got, path)
		}
	}
}

// examplesIn finds, in a page of the documentation, lines of the form "    GET /api/…?…" and the JSON that follows each,
// up to the next line that is not indented.
func examplesIn(t testing.TB, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	found := map[string]string{}
	path := ""
	for line := range strings.Lines(string(text)) {
		rest, indented := strings.CutPrefix(line, "    ")
		switch {
		case indented && strings.HasPrefix(rest, "GET /api/"):
			path = strings.TrimSpace(strings.TrimPrefix(rest, "GET "))
		case indented && path != "":
			found[path] += rest
		case strings.TrimSpace(line) != "":
			path = ""
		}
	}
	return found
}
