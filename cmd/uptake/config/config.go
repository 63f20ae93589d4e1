// Package config reads how Uptake shall run: from uptake.yaml and from the environment, which wins. Every mistake is
// found in one go and names its place, the file's line or the variable; a secret's value is never repeated.
package config

import (
	"log/slog"
	"path/filepath"
	"time"
	_ "time/tzdata" // a time zone must be known on a machine without its own list, too
)

// Config is everything that can be set. The zero value is not usable: use Load.
type Config struct {
	Data          string         // directory of everything that Uptake keeps, absolute
	Listen        string         // host:port of pages, API and ingest
	MetricsListen string         // host:port that serves /metrics without a token; "" for none
	PprofListen   string         // host:port that serves Go's profiles without a token; "" for none
	DSN           string         // of a ClickHouse server; "" for the embedded engine. A secret: it may hold a password
	Library       string         // path of libchdb.so, "" to look for it
	Timezone      *time.Location // the reporting time zone
	FiscalYear    time.Month     // with which the fiscal year begins
	Language      string         // of the pages, where a reader asks for none
	MinGroup      int            // smallest group whose figures are shown, at least 2
	Retention     Retention      // how long raw events are kept
	Demo          Demo           // which demo company is shown
	AdminPassword string         // of the local administrator, "" to keep or make one
	SpoolBytes    int64          // what the spool may hold before it says 503
	SpoolReplicas int            // how many servers of a NATS cluster keep each message
	SecretFile    string         // path of the secret, "" for DATA/secret
	SpoolReserve  int64          // what stays free of the spool's disk; 0 for the default, negative: nobody looks
	SpoolAge      time.Duration  // how long events may wait to be loaded before it says 503; negative for ever
	MemoryBytes   int64          // what the embedded engine may use; 0 for half of the machine's
	PublicURL     string         // how readers reach the pages, "" for http://LISTEN
	SourceRate    int            // events a second of one source, kept to while others want to send, too
	SpoolURL      string         // of a NATS server with JetStream, "" for the embedded one. A secret

	// Sign-in by OpenID Connect.
	OIDCIssuer       string // the provider's address, "" for none
	OIDCClientID     string
	OIDCClientSecret string // a secret; "" for a client that has none
	OIDCRoles        string // path of the file that gives groups their roles

	// What passes the door as it was told; everything else is hashed (objects, containers) or dropped (attributes).
	KeepObjects    []string // TOOL/OBJECT_TYPE
	KeepContainers []string // TOOL
	KeepAttributes []string // NAME

	Mappings string // directory of the mapping files, absolute; "" for DATA/mappings

	Reports Reports // who gets a report regularly

	LogLevel slog.Level

	given map[string]given // what was written, by the settings' keys

	Warnings []string // what is odd but does no harm, one sentence each
}

// SecretPath is the file of the secret under which addresses are hashed.
func (c *Config) SecretPath() string {
	if c.SecretFile != "" {
		return c.SecretFile
	}
	return filepath.Join(c.Data, "secret")
}

// MappingsDir is the directory of the mapping files; named tells whether somebody has set it, so that it must be there.
func (c *Config) MappingsDir() (dir string, named bool) {
	if c.Mappings != "" {
		return c.Mappings, true
	}
	return filepath.Join(c.Data, "mappings"), false
}

// Demo says which demo company is wanted.
type Demo string

const (
	DemoUnset Demo = ""    // nothing was said: one that `uptake demo` has made is shown
	DemoOff   Demo = "off" // none: one that is there is dropped
)

// Presets are the demo companies there are, smallest first.
var Presets = []string{"law-firm", "manufacturer", "bank"}
