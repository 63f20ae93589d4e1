package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Setting is one thing that can be set: how it is called in both places, and what its text must look like.
type Setting struct {
	Key     string // in uptake.yaml
	Default string
	Doc     string
	Secret  bool // its value is never printed
	Private bool // it names people: a page does not repeat it
	set     func(c *Config, text string) error
}

// Variable is the setting's name in the environment.
func (s Setting) Variable() string { return "UPTAKE_" + strings.ToUpper(s.Key) }

// Settings lists everything that can be set, in the order of the documentation.
var Settings = slices.Concat([]Setting{
	{Key: "data", Default: "./data", Doc: "directory of everything that Uptake keeps",
		set: func(c *Config, text string) (err error) { c.Data, err = filepath.Abs(text); return err }},
	{Key: "listen", Default: "127.0.0.1:8080", Doc: "host:port of pages, API and ingest",
		set: func(c *Config, text string) error { c.Listen = text; return hostPort(text) }},
	{Key: "clickhouse_dsn", Secret: true, Doc: "clickhouse://, http:// or https:// address of a ClickHouse server; empty for the embedded engine",
		set: setDSN},
	{Key: "secret_file", Doc: "path of the secret under which addresses are hashed; empty: DATA/secret",
		set: func(c *Config, text string) (err error) { c.SecretFile, err = filepath.Abs(text); return err }},
	{Key: "timezone", Default: "UTC", Doc: "reporting time zone, in which days are cut, such as Europe/Berlin",
		set: setTimezone},
	{Key: "fiscal_year", Default: "1", Doc: "month with which the fiscal year begins, 1 to 12: years and quarters are cut by it",
		set: setFiscalYear},
	{Key: "language", Default: "en", Doc: "language of the pages for readers who chose none and whose browser asks for none that Uptake speaks: en or de",
		set: func(c *Config, text string) error { c.Language = text; return nil }},
	{Key: "min_group", Default: "5", Doc: "smallest group whose figures are shown, at least 2",
		set: setMinGroup},
	{Key: "retention", Default: "36 months", Doc: "how long raw events are kept: `36 months`, `400 days` or `off`",
		set: func(c *Config, text string) (err error) { c.Retention, err = ParseRetention(text); return err }},
	{Key: "demo", Doc: "demo company to show: off, law-firm (50 people), manufacturer (300) or bank (130,000)",
		set: setDemo},
	{Key: "admin_password", Secret: true, Doc: "password of the local administrator; empty: one is made at the first start",
		set: func(c *Config, text string) error { c.AdminPassword = text; return nil }},
	{Key: "metrics_listen", Doc: "host:port that serves /metrics and nothing else, without a token",
		set: func(c *Config, text string) error { c.MetricsListen = text; return hostPort(text) }},
	{Key: "pprof_listen", Doc: "host:port that serves profiles of the running program under /debug/pprof/, without a token; keep it to this machine",
		set: func(c *Config, text string) error { c.PprofListen = text; return hostPort(text) }},
	{Key: "public_url", Doc: "how readers reach the pages, such as https://uptake.example.com; https makes cookies secure",
		set: setPublicURL},
	{Key: "oidc_issuer", Doc: "address of a provider of sign-ins (OpenID Connect), such as https://login.example.com/realms/main; empty: local accounts only",
		set: setOIDCIssuer},
	{Key: "oidc_client_id", Doc: "what Uptake is called at that provider; its callback is PUBLIC_URL/sign-in/oidc/callback",
		set: func(c *Config, text string) error { c.OIDCClientID = text; return nil }},
	{Key: "oidc_client_secret", Secret: true, Doc: "the secret that goes with it; empty where the provider asks for none",
		set: func(c *Config, text string) error { c.OIDCClientSecret = text; return nil }},
	{Key: "oidc_roles", Doc: "path of a YAML file that says which roles and units the provider's groups have",
		set: func(c *Config, text string) (err error) { c.OIDCRoles, err = filepath.Abs(text); return err }},
	{Key: "keep_objects", Doc: "objects stored as they are told instead of hashed: TOOL/OBJECT_TYPE, separated by commas",
		set: setKeepObjects},
	{Key: "keep_containers", Doc: "tools whose containers (channels, spaces) are stored as they are told instead of hashed, separated by commas",
		set: func(c *Config, text string) error { c.KeepContainers = splitList(strings.ToLower(text)); return nil }},
	{Key: "keep_attributes", Doc: "names of attributes that are stored; all others are dropped; separated by commas",
		set: func(c *Config, text string) error { c.KeepAttributes = splitList(text); return nil }},
	{Key: "spool_url", Secret: true, Doc: "nats:// address of a NATS server with JetStream to spool in; empty: one inside this process",
		set: setSpoolURL},
	{Key: "spool_size", Default: "4GiB", Doc: "how much accepted but unloaded data is held before senders are told to wait",
		set: func(c *Config, text string) (err error) { c.SpoolBytes, err = parseSize(text); return err }},
	{Key: "spool_replicas", Default: "1", Doc: "how many servers of the NATS cluster at spool_url keep each message: 1, 3 or 5",
		set: setSpoolReplicas},
	{Key: "spool_reserve", Doc: "how much of the spool's disk stays free: with less, senders are told to wait; empty: 1GiB or 5 % of it, whichever is smaller; `off`: nobody looks",
		set: setSpoolReserve},
	{Key: "spool_age", Default: "7 days", Doc: "how long events may wait to be loaded before senders are told to wait: `7 days`, `12 hours` or `off`",
		set: func(c *Config, text string) (err error) { c.SpoolAge, err = parseSpan(text); return err }},
	{Key: "source_rate", Default: "50000", Doc: "events a second that one source may send while others want to send, too; ten seconds' worth may come at once",
		set: setSourceRate},
	{Key: "memory", Doc: "how much memory the embedded engine may use, such as 4GiB; empty: half of the machine's",
		set: func(c *Config, text string) (err error) { c.MemoryBytes, err = parseSize(text); return err }},
	{Key: "libchdb", Doc: "path of the embedded engine's library, libchdb.so",
		set: func(c *Config, text string) error { c.Library = text; return nil }},
	{Key: "mappings", Doc: "directory of the mapping files SOURCE.yaml, which say what the names of foreign events mean; empty: DATA/mappings",
		set: func(c *Config, text string) (err error) { c.Mappings, err = filepath.Abs(text); return err }},
	{Key: "log_level", Default: "info", Doc: "debug, info, warn or error",
		set: setLogLevel},
}, reportSettings)

func hostPort(text string) error {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return fmt.Errorf("%q is no address: write host:port, such as 127.0.0.1:8080", text)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q has no valid port: a number from 0 (any free one) to 65535", text)
	}
	return nil
}

// setDSN checks the scheme only; what the driver has to say about the rest comes when it connects. The value holds a
// password, so no message repeats it.
func setDSN(c *Config, text string) error {
	scheme, _, found := strings.Cut(text, "://")
	if !found || !slices.Contains([]string{"clickhouse", "http", "https"}, scheme) {
		return errors.New("a ClickHouse address starts with clickhouse://, http:// or https://")
	}
	if _, err := url.Parse(text); err != nil {
		return errors.New("this is no valid address: special characters in name and password must be written as %XX")
	}
	c.DSN = text
	return nil
}

func setTimezone(c *Config, text string) (err error) {
	if c.Timezone, err = time.LoadLocation(text); err != nil || text == "Local" {
		return fmt.Errorf("%q is no time zone: write a name such as UTC, Europe/Berlin or America/New_York", text)
	}
	return nil
}

func setFiscalYear(c *Config, text string) error {
	month, err := strconv.Atoi(text)
	if err != nil || month < 1 || month > 12 {
		return fmt.Errorf("%q is no month: write a number from 1 for January to 12 for December", text)
	}
	c.FiscalYear = time.Month(month)
	return nil
}

func setMinGroup(c *Config, text string) (err error) {
	if c.MinGroup, err = strconv.Atoi(text); err != nil || c.MinGroup < 2 {
		return fmt.Errorf("%q is no group size: write a whole number, at least 2, because a group of one is a person", text)
	}
	return nil
}

func setDemo(c *Config, text string) error {
	if text != string(DemoOff) && !slices.Contains(Presets, text) {
		return fmt.Errorf("there is no demo company %q: write off, %s", text, strings.Join(Presets, ", "))
	}
	c.Demo = Demo(text)
	return nil
}

func setPublicURL(c *Config, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%q is no address of a page: write it like https://uptake.example.com", text)
	}
	c.PublicURL = strings.TrimSuffix(text, "/")
	return nil
}

// setOIDCIssuer takes an address in clear for this machine only: who can read along could sign in as anybody.
func setOIDCIssuer(c *Config, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") {
		return errors.New("this is no address of a provider: write it like https://login.example.com/realms/main")
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme == "http" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errors.New("a provider on another machine needs https://")
	}
	c.OIDCIssuer = text
	return nil
}

func setSpoolURL(c *Config, text string) error {
	for _, server := range strings.Split(text, ",") { // of a cluster
		scheme, _, found := strings.Cut(strings.TrimSpace(server), "://")
		if !found || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, scheme) {
			return errors.New("an address of NATS starts with nats:// or tls://")
		}
		if _, err := url.Parse(strings.TrimSpace(server)); err != nil {
			return errors.New("this is no valid address: special characters in name and password must be written as %XX")
		}
	}
	c.SpoolURL = text
	return nil
}

func setSpoolReplicas(c *Config, text string) (err error) {
	if c.SpoolReplicas, err = strconv.Atoi(text); err != nil || !slices.Contains([]int{1, 3, 5}, c.SpoolReplicas) {
		return fmt.Errorf("%q is no number of replicas: write 1, 3 or 5", text)
	}
	return nil
}

func setSourceRate(c *Config, text string) (err error) {
	if c.SourceRate, err = strconv.Atoi(text); err != nil || c.SourceRate < 1 || c.SourceRate > 100_000_000 {
		return fmt.Errorf("%q is no rate: write a whole number of events a second, such as 50000", text)
	}
	return nil
}

func setKeepObjects(c *Config, text string) error {
	c.KeepObjects = splitList(text)
	for i, name := range c.KeepObjects {
		tool, kind, found := strings.Cut(name, "/")
		if !found || tool == "" || kind == "" {
			return fmt.Errorf("%q names no objects: write TOOL/OBJECT_TYPE, such as wiki/page", name)
		}
		c.KeepObjects[i] = strings.ToLower(tool) + "/" + kind
	}
	return nil
}

func setLogLevel(c *Config, text string) error {
	if err := c.LogLevel.UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("%q is no log level: write debug, info, warn or error", text)
	}
	return nil
}

func splitList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// parseSize reads a number of bytes: 1073741824, 512MiB, 4GiB, 4G.
func parseSize(text string) (int64, error) {
	wrong := fmt.Errorf("%q is no size: write it like 512MiB or 4GiB", text)
	i := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	unit := ""
	if i >= 0 {
		text, unit = text[:i], strings.TrimSpace(text[i:])
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, wrong
	}
	shift := strings.IndexByte("BKMGT", (strings.ToUpper(unit) + "B")[0])
	known := []string{"", "B", "K", "KB", "KIB", "M", "MB", "MIB", "G", "GB", "GIB", "T", "TB", "TIB"}
	if !slices.Contains(known, strings.ToUpper(unit)) || n > (1<<62)>>(10*shift) {
		return 0, wrong
	}
	return n << (10 * shift), nil
}

func setSpoolReserve(c *Config, text string) (err error) {
	if text == "off" {
		c.SpoolReserve = -1
		return nil
	}
	c.SpoolReserve, err = parseSize(text)
	return err
}

// parseSpan reads a time: 7 days, 12 hours, 90m; off, which is negative, stands for ever.
func parseSpan(text string) (time.Duration, error) {
	if text == "off" {
		return -1, nil
	}
	wrong := fmt.Errorf("%q is no span of time: write it like `7 days`, `12 hours` or `off`", text)
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d, nil
	}
	number, unit, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	length := map[string]time.Duration{"day": 24 * time.Hour, "hour": time.Hour, "minute": time.Minute}[strings.TrimSuffix(strings.TrimSpace(unit), "s")]
	if err != nil || n < 1 || n > 36500 || length == 0 {
		return 0, wrong
	}
	return time.Duration(n) * length, nil
}

// defaults is a Config with every default in place.
func defaults() Config {
	c := Config{LogLevel: slog.LevelInfo}
	for _, s := range Settings {
		if s.Default != "" {
			if err := s.set(&c, s.Default); err != nil {
				panic(fmt.Sprintf("default of %s: %v", s.Key, err)) // a mistake in the list above
			}
		}
	}
	return c
}
