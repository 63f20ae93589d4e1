package clickhouse

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"uptake/clickhouse/embedded"
)

const (
	dialTimeout = 10 * time.Second
	// poolSize bounds the connections to a server; the embedded engine has a bound of its own.
	poolSize = 16
)

// parse turns the configuration into the driver's options. What the DSN says wins
// over the defaults here.
func parse(config Config) (*driver.Options, error) {
	if config.DSN == "" {
		return &driver.Options{}, nil
	}
	scheme, _, found := strings.Cut(config.DSN, "://")
	switch {
	case !found:
		return nil, &Error{Code: InvalidConfig, Message: "The ClickHouse DSN has no scheme: write clickhouse://host:9000/database or https://host:8443/database."}
	case scheme != "clickhouse" && scheme != "http" && scheme != "https":
		return nil, &Error{Code: InvalidConfig, Message: "The ClickHouse DSN begins with " + scheme + "://, known are clickhouse://, http:// and https://."}
	}
	dsn := config.DSN
	if scheme == "https" && !strings.Contains(dsn, "secure=") {
		// To the driver https alone is a contradiction, to everyone else it says enough.
		separator := "?"
		if strings.Contains(dsn, "?") {
			separator = "&"
		}
		dsn += separator + "secure=true"
	}
	options, err := driver.ParseDSN(dsn)
	if err != nil {
		// The error is not passed on: it may quote the DSN, password and all.
		return nil, &Error{Code: InvalidConfig, Message: "The ClickHouse DSN cannot be read: write clickhouse://user:password@host:9000/database, with special characters of the password percent-encoded."}
	}
	if options.DialTimeout == 0 {
		options.DialTimeout = dialTimeout
	}
	if options.MaxOpenConns == 0 {
		options.MaxOpenConns, options.MaxIdleConns = poolSize, poolSize
	}
	if options.Compression == nil {
		options.Compression = &driver.Compression{Method: driver.CompressionLZ4}
	}
	if options.Settings == nil {
		options.Settings = driver.Settings{}
	}
	settings := driver.Settings{"session_timezone": "UTC", "async_insert": 0}
	if options.Protocol == driver.HTTP {
		// Over HTTP a server would go on with a SELECT whose reader has left.
		settings["cancel_http_readonly_queries_on_client_close"] = 1
	}
	for name, value := range settings {
		if _, set := options.Settings[name]; !set {
			options.Settings[name] = value
		}
	}
	options.ClientInfo.Products = append(options.ClientInfo.Products, struct{ Name, Version string }{"uptake", "1"})
	return options, nil
}

func openEngine(ctx context.Context, config Config) (*embedded.Engine, error) {
	if config.DataDir == "" {
		return nil, &Error{Code: InvalidConfig, Message: "The embedded ClickHouse needs a data directory: set UPTAKE_DATA, or UPTAKE_CLICKHOUSE_DSN for a server."}
	}
	engine, err := embedded.Open(ctx, filepath.Join(config.DataDir, "clickhouse"), embedded.Options{
		MaxMemory:    config.MaxMemory,
		BackupDir:    filepath.Join(config.DataDir, "backups"),
		DrainTimeout: config.DrainTimeout,
	})
	if err != nil {
		return nil, explainEngine(err)
	}
	return engine, nil
}

// attach makes the driver ask the engine instead of a network.
func attach(options *driver.Options, engine *embedded.Engine) {
	options.Protocol = driver.HTTP
	options.Addr = []string{"embedded"}
	options.DialTimeout = dialTimeout
	// The engine queues statements itself, for as long as their contexts allow.
	// The driver would fail them after the dial timeout.
	// A connection keeps the memory of the largest insert it has carried, and the driver uses idle ones in turn: few
	// may stay. Opening one costs next to nothing here.
	options.MaxOpenConns, options.MaxIdleConns = 1024, 2
	// Statements here are long and their tables often small. This rule of the engine's planner looks at every condition of a
	// statement; in those of the refresh it took a third of the time that a small company's take in all, and changed nothing.
	options.Settings = driver.Settings{"optimize_and_compare_chain": 0}
	options.TransportFunc = func(*http.Transport) (http.RoundTripper, error) { return engine, nil }
}

// RedactDSN replaces the password of a DSN by "***", for logs. A DSN that cannot
// be read is replaced as a whole.
func RedactDSN(dsn string) string {
	if dsn == "" {
		return ""
	}
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" {
		return "(unreadable DSN)"
	}
	if _, secret := u.User.Password(); !secret {
		return (&url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host, Path: u.Path}).String()
	}
	return u.Scheme + "://" + url.User(u.User.Username()).String() + ":***@" + u.Host + u.Path
}

// QuoteName quotes an identifier for use in a statement.
func QuoteName(name string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(name) + "`"
}
