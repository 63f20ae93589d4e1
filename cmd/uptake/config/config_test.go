package config

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "uptake.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func TestDefaults(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := Load("", nil)
	require.NoError(t, err)
	require.True(t, filepath.IsAbs(c.Data))
	require.Equal(t, "127.0.0.1:8080", c.Listen)
	require.Equal(t, "UTC", c.Timezone.String())
	require.Equal(t, 5, c.MinGroup)
	require.Equal(t, time.January, c.FiscalYear)
	require.Equal(t, "36 months", c.Retention.String())
	require.Equal(t, DemoUnset, c.Demo)
	require.EqualValues(t, 4<<30, c.SpoolBytes)
	require.Zero(t, c.SpoolReserve)
	require.Equal(t, 7*24*time.Hour, c.SpoolAge)
	require.Empty(t, c.Warnings)
}

func TestFileOfTheWorkingDirectory(t *testing.T) {
	t.Chdir(filepath.Dir(write(t, "timezone: Europe/Berlin\n")))
	c, err := Load("", nil)
	require.NoError(t, err)
	require.Equal(t, "Europe/Berlin", c.Timezone.String())
}

func TestEnvironmentWins(t *testing.T) {
	file := write(t, `
# how we run it
listen: 0.0.0.0:80
timezone: Europe/Berlin
min_group: 010
retention: off
demo: off
log_level: "warn"
keep_attributes: [client, plan]
keep_objects:
  - Wiki/page
  - issues/ticket
`)
	c, err := Load(file, []string{"UPTAKE_LISTEN=127.0.0.1:0", "UPTAKE_KEEP_ATTRIBUTES=client", "UPTAKE_TIMEZONE=", "HOME=/root", "UPTAKE_TESTDATA=x", "UPTAKE_TEST_ALL=1"})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:0", c.Listen)
	require.Equal(t, "Europe/Berlin", c.Timezone.String())
	require.Equal(t, 10, c.MinGroup)
	require.Equal(t, "off", c.Retention.String())
	require.Equal(t, DemoOff, c.Demo)
	require.Equal(t, slog.LevelWarn, c.LogLevel)
	require.Equal(t, []string{"client"}, c.KeepAttributes)
	require.Equal(t, []string{"wiki/page", "issues/ticket"}, c.KeepObjects)
	require.Empty(t, c.Warnings)
}

func TestAllMistakesAtOnceWithTheirPlaces(t *testing.T) {
	file := write(t, `listen: 8080
timezon: UTC
min_group: 1
min_group: 7
retention: [a, b]
demo: {preset: bank}
clickhouse_dsn: postgres://user:hush@host
`)
	_, err := Load(file, []string{"UPTAKE_DEMO=lawfirm", "UPTAKE_CLICKHOUSE_DSN=clickhouse://user:hu%sh@host", "UPTAKE_SPOOL_SIZE=many", "UPTAKE_FISCAL_YEAR=april"})
	var mistakes Errors
	require.ErrorAs(t, err, &mistakes)
	want := []string{
		file + ":1: listen: \"8080\" is no address",
		file + ":2: timezon is no setting, did you mean timezone?",
		file + ":3: min_group: \"1\" is no group size",
		file + ":4: min_group is set a second time, it stands on line 3 already",
		file + ":5: retention: \"a,b\" is no retention",
		file + ":6: demo: a single value is expected here",
		file + ":7: clickhouse_dsn: a ClickHouse address starts with",
		"UPTAKE_CLICKHOUSE_DSN: this is no valid address",
		"UPTAKE_DEMO: there is no demo company \"lawfirm\"",
		"UPTAKE_FISCAL_YEAR: \"april\" is no month: write a number from 1",
		"UPTAKE_SPOOL_SIZE: \"many\" is no size",
	}
	require.Len(t, mistakes, len(want), "%s", err)
	for i, w := range want {
		require.True(t, strings.HasPrefix(mistakes[i], w), "%q should begin with %q", mistakes[i], w)
	}
	require.NotContains(t, err.Error(), "hush", "no secret is repeated")
	require.NotContains(t, err.Error(), "hu%sh")
}

func TestMistakesOfTheFileItself(t *testing.T) {
	for text, want := range map[string]string{
		"listen: [\n": ":1: this is no YAML",
		"- listen\n":  "settings are written one a line",
		"listen\n":    "settings are written one a line",
	} {
		_, err := Load(write(t, text), nil)
		require.ErrorContains(t, err, want, "%q", text)
	}
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil)
	require.ErrorContains(t, err, "read the configuration")
	for _, text := range []string{"", "# nothing yet\n", "listen:\n"} {
		c, err := Load(write(t, text), nil)
		require.NoError(t, err, "%q", text)
		require.Equal(t, "127.0.0.1:8080", c.Listen)
	}
}

func TestWarnings(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := Load("", []string{"UPTAKE_LISTN=x", "UPTAKE_ADMIN_PASSWORD=hush"})
	require.NoError(t, err)
	require.Equal(t, []string{
		"UPTAKE_LISTN is no variable of Uptake, did you mean UPTAKE_LISTEN?",
		"The administrator's password has only 4 characters",
	}, c.Warnings)
}

func TestRetention(t *testing.T) {
	day := func(s string) adoption.Day {
		d, err := adoption.ParseDay(s)
		require.NoError(t, err)
		return d
	}
	for _, c := range []struct{ text, today, first string }{
		{"36 months", "2026-11-22", "2023-11-22"},
		{"1 month", "2026-03-31", "2026-02-28"},
		{"12months", "2024-02-29", "2023-02-28"},
		{"400 days", "2026-11-22", "2025-10-18"},
		{"2 Weeks", "2026-11-22", "2026-11-08"},
		{"3 years", "2026-11-22", "2023-11-22"},
		{"off", "2026-11-22", "1970-01-01"},
		{"900 years", "2026-11-22", "1970-01-01"},
	} {
		r, err := ParseRetention(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, day(c.first), r.FirstDay(day(c.today)), c.text)
	}
	for _, text := range []string{"", "36", "months", "0 months", "-1 days", "1.5 years", "3 moons", "1 2 days"} {
		_, err := ParseRetention(text)
		require.Error(t, err, "%q", text)
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]int64{"1": 1, "512MiB": 512 << 20, "4g": 4 << 30, "2 TB": 2 << 40, "7k": 7 << 10} {
		n, err := parseSize(text)
		require.NoError(t, err, text)
		require.Equal(t, want, n, text)
	}
	for _, text := range []string{"", "GiB", "0", "-1", "1.5G", "1X", "99999999999T"} {
		_, err := parseSize(text)
		require.Error(t, err, "%q", text)
	}
}

func TestBoundsOfTheSpool(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]time.Duration{"7 days": 7 * 24 * time.Hour, "1 day": 24 * time.Hour, "12 hours": 12 * time.Hour, "90m": 90 * time.Minute, "off": -1} {
		c, err := Load("", []string{"UPTAKE_SPOOL_AGE=" + text})
		require.NoError(t, err, text)
		require.Equal(t, want, c.SpoolAge)
	}
	for text, want := range map[string]int64{"64MiB": 64 << 20, "1G": 1 << 30, "off": -1} {
		c, err := Load("", []string{"UPTAKE_SPOOL_RESERVE=" + text})
		require.NoError(t, err, text)
		require.Equal(t, want, c.SpoolReserve)
	}
	for _, wrong := range []string{"UPTAKE_SPOOL_AGE=long", "UPTAKE_SPOOL_AGE=0 days", "UPTAKE_SPOOL_AGE=-1h", "UPTAKE_SPOOL_AGE=3 moons", "UPTAKE_SPOOL_RESERVE=some", "UPTAKE_SPOOL_RESERVE=-1"} {
		_, err := Load("", []string{wrong})
		require.Error(t, err, wrong)
	}
}

// A regular report needs to know how often, where to, and over which mail server.
func TestReportsAreWhole(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := Load("", []string{"UPTAKE_REPORT_EVERY=month", "UPTAKE_REPORT_TO=one@example.org, two@example.org", "UPTAKE_REPORT_FROM=uptake@example.org", "UPTAKE_SMTP_URL=smtps://me:word@mail.example.org"})
	require.NoError(t, err)
	require.Equal(t, []string{"one@example.org", "two@example.org"}, c.Reports.To)
	require.Equal(t, "board-pack", c.Reports.Name)
	for _, wrong := range [][]string{{"UPTAKE_REPORT_EVERY=day"}, {"UPTAKE_REPORT_EVERY=week"}, {"UPTAKE_REPORT_WEBHOOK=https://example.org"}, {"UPTAKE_REPORT_EVERY=week", "UPTAKE_REPORT_TO=nobody"},
		{"UPTAKE_REPORT_EVERY=week", "UPTAKE_REPORT_TO=one@example.org"}, {"UPTAKE_SMTP_URL=mail.example.org"}, {"UPTAKE_REPORT=all"}} {
		_, err := Load("", wrong)
		require.Error(t, err, "%v", wrong)
		require.NotContains(t, err.Error(), "one@", "an address is not repeated")
	}
}
