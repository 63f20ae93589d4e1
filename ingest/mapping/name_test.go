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
		"login from 10.0.0.1 failed":           "login from (id) failed",
		"login_192.168.1.20:443":               "login_(id):443",
		"10.0.0.1, 10.0.0.2.":                  "(id), (id).",
		"http://10.1.2.3/a":                    "http://(id)/a",
		"1.2.3.4.5 and 1.2.3.256 and v1.2.3.4": "1.2.3.4.5 and 1.2.3.256 and v1.2.3.4",
		"from 2001:db8::1":                     "from (id)",
		"[fe80::1]:443 ::1 2001:db8::":         "[(id)]:443 (id) (id)",
		"ip:2001:DB8:0:0:0:0:0:a: refused":     "ip:(id): refused",
		"2001:db8::1:failed":                   "(id):failed",
		"::ffff:10.0.0.1":                      "(id)",
		"Page::Add Add::Bed 12:30:45 a:b:c":    "Page::Add Add::Bed 12:30:45 a:b:c",
		"(log)":                                "(log)",
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
