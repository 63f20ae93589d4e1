package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"text/tabwriter"
	"time"

	"uptake/ingest"
)

var tokenCommand = command{
	name:    "token",
	args:    "create|list|revoke",
	summary: "make, list and revoke tokens",
	help: `Usage: uptake token create --source NAME [--directory]   to send events; with --directory, people, units, licences and tools, too
       uptake token create --reader NAME                    to read /api/v1
       uptake token create --editor NAME                    to read /api/v1, and to publish there in the name of NAME
       uptake token create --metrics NAME                   to read /metrics
       uptake token list
       uptake token revoke ID

The token alone goes to standard output. It is shown this once: only a hash of it is kept.`,
	prepare: func(m *Main, flags *flag.FlagSet) func(context.Context, []string) error {
		var source, reader, editor, metrics string
		var directory bool
		flags.StringVar(&source, "source", "", "make a token to send events as the source `NAME`")
		flags.StringVar(&reader, "reader", "", "make a token to read /api/v1, for `NAME`")
		flags.StringVar(&editor, "editor", "", "make a token to read /api/v1 and to publish there what people enter (assumptions, pilots, targets) in the name of `NAME`")
		flags.StringVar(&metrics, "metrics", "", "make a token to read /metrics, for `NAME`")
		flags.BoolVar(&directory, "directory", false, "the source may also change the directory")
		return func(ctx context.Context, args []string) error {
			var grants []ingest.Grant
			for kind, name := range map[ingest.TokenKind]string{ingest.SourceToken: source, ingest.ReaderToken: reader, ingest.EditorToken: editor, ingest.MetricsToken: metrics} {
				if name != "" {
					grants = append(grants, ingest.Grant{Name: name, Kind: kind, Directory: directory})
				}
			}
			switch {
			case len(args) == 1 && args[0] == "create" && len(grants) == 1:
				return m.createToken(ctx, grants[0])
			case len(args) == 1 && args[0] == "create":
				return &usageError{message: "token create: name one of --source, --reader, --editor and --metrics", command: "token"}
			case len(args) == 1 && args[0] == "list":
				return m.listTokens(ctx)
			case len(args) == 2 && args[0] == "revoke":
				return m.withSession(ctx, "token", func(s *session) error {
					return s.call(ctx, request{method: http.MethodDelete, path: "/control/tokens", query: url.Values{"id": {args[1]}}}, nil)
				})
			}
			return &usageError{message: "token: say create, list or revoke ID", command: "token"}
		}
	},
}

func (m *Main) createToken(ctx context.Context, grant ingest.Grant) error {
	return m.withSession(ctx, "token", func(s *session) error {
		var made struct{ Token string }
		q := request{method: http.MethodPost, path: "/control/tokens", once: true,
			query: url.Values{"name": {grant.Name}, "kind": {string(grant.Kind)}, "directory": {fmt.Sprint(grant.Directory)}}}
		if err := s.call(ctx, q, &made); err != nil {
			return err
		}
		return m.print("%s", made.Token)
	})
}

func (m *Main) listTokens(ctx context.Context) error {
	return m.withSession(ctx, "token", func(s *session) error {
		var grants []ingest.Grant
		if err := s.call(ctx, request{method: http.MethodGet, path: "/control/tokens"}, &grants); err != nil {
			return err
		}
		if len(grants) == 0 {
			m.console.note("There are no tokens yet. `uptake token create --source NAME` makes one.")
			return nil
		}
		table := tabwriter.NewWriter(m.Stdout, 0, 8, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tKIND\tNAME\tDIRECTORY\tCREATED")
		for _, g := range grants {
			directory := ""
			if g.Directory {
				directory = "yes"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", g.ID, g.Kind, g.Name, directory, g.Created.Format(time.DateOnly))
		}
		return table.Flush()
	})
}

var passwordCommand = command{
	name:    "password",
	summary: "make a new password for the administrator",
	help: `Usage: uptake password

The new password alone goes to standard output; the old one is no longer good. Who is signed in
stays so until the next start, or for 12 hours.`,
	prepare: func(m *Main, _ *flag.FlagSet) func(context.Context, []string) error {
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return &usageError{message: "password takes no arguments", command: "password"}
			}
			if m.config.AdminPassword != "" {
				return &usageError{message: "the password is set by UPTAKE_ADMIN_PASSWORD or uptake.yaml; change it there and start again", command: "password"}
			}
			return m.withSession(ctx, "password", func(s *session) error {
				var made struct{ Password string }
				if err := s.call(ctx, request{method: http.MethodPost, path: "/control/password", once: true}, &made); err != nil {
					return err
				}
				return m.print("%s", made.Password)
			})
		}
	},
}

var migrateCommand = command{
	name:    "migrate",
	args:    "up|status",
	summary: "bring the database to the newest schema, or show how far it is",
	help: `Usage: uptake migrate up
       uptake migrate status

Every start does what "migrate up" does; the command is for those who want it done before.`,
	prepare: func(m *Main, _ *flag.FlagSet) func(context.Context, []string) error {
		return func(ctx context.Context, args []string) error {
			if len(args) != 1 || (args[0] != "up" && args[0] != "status") {
				return &usageError{message: "migrate: say up or status", command: "migrate"}
			}
			method := http.MethodGet
			if args[0] == "up" {
				method = http.MethodPost
			}
			s, err := m.openSession(ctx, "migrate", true)
			if err != nil {
				return err
			}
			var states []migrationState
			err = s.call(ctx, request{method: method, path: "/control/migrations"}, &states)
			if err == nil {
				err = m.printMigrations(states)
			}
			return errors.Join(err, s.close())
		}
	},
}

// migrationState is a migration and when it was applied, the zero time for never.
type migrationState struct {
	Name    string
	Applied time.Time
}

func (m *Main) printMigrations(states []migrationState) error {
	table := tabwriter.NewWriter(m.Stdout, 0, 8, 2, ' ', 0)
	for _, s := range states {
		applied := "not yet"
		if !s.Applied.IsZero() {
			applied = s.Applied.UTC().Format(time.DateTime + " UTC")
		}
		fmt.Fprintf(table, "%s\t%s\n", s.Name, applied)
	}
	return table.Flush()
}

// version is set by the build: -ldflags "-X main.version=…".
var version = ""

var versionCommand = command{
	name:    "version",
	summary: "print the version",
	help:    "Usage: uptake version",
	bare:    true,
	prepare: func(m *Main, _ *flag.FlagSet) func(context.Context, []string) error {
		return func(context.Context, []string) error {
			return m.print("uptake %s (%s, %s/%s)", versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		}
	},
}

// versionText is the version of the build, or the commit it was made from.
func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return s.Value[:12]
			}
		}
	}
	return "development"
}
