package mapping

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"Page Archived":                        "Page Archived",
		"  page\tarchived \n":                  "page archived",
		"Opened by ann@example.com":            "Opened by (id)",
		"mailto:ann.smith+x@example.com?a=1":   "mailto:(id)?a=1",
		"invite ann%40example.com":             "invite (id)",
		"GET /pages/123456/edit":               "GET /pages/(id)/edit",
		"user 4711 joined":                     "user (id) joined",
		"user_4711_joined":                     "user_(id)_joined",
		"call +49-170-1234567":                 "call +(id)",
		"3f2504e0-4f89-11d3-9a0c-0305e82c3301": "(id)",
		"doc 507f1f77bcf86cd799439011 saved":   "doc (id) saved",
		"HTTP 500":                             "HTTP 500",
		"v2.11.3 installed":                    "v2.11.3 installed",
		"Survey 2026 opened":                   "Survey 2026 opened",
		"oauth2 sha256 utf8":                   "oauth2 sha256 utf8",
		"Größe geändert":                       "Größe geändert",
		"a\x00b\xffc\u202ed":                   "a b c d",
		"":                                     "(no name)",
		" \t ":                                 "(no name)",
		"@":                                    "(id)",
		strings.Repeat("ä", 100):               strings.Repeat("ä", 64),
	} {
		require.Equal(t, want, string(AppendName([]byte("before "), []byte(name)))[len("before "):], "%q", name)
	}
}

func FuzzName(f *testing.F) {
	for _, name := range []string{"Opened by ann@example.com", "GET /pages/123456", "a\xff\u202e4711", ""} {
		f.Add([]byte(name))
	}
	f.Fuzz(func(t *testing.T, name []byte) {
		got := string(AppendName(nil, name))
		require.True(t, utf8.ValidString(got))
		require.NotEmpty(t, got)
		require.LessOrEqual(t, len(got), MaxName)
		require.NotContains(t, got, "@")
		require.Equal(t, strings.TrimSpace(got), got)
	})
}
