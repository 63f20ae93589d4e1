package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"uptake/access"
)

var userCommand = command{
	name:    "user",
	args:    "add|list|role|password|disable|enable|token",
	summary: "add people who sign in, and say what they may",
	help: `Usage: uptake user add NAME --role ROLE[,ROLE] [--unit UNIT[,UNIT]] [--stdin]
       uptake user role NAME --role ROLE[,ROLE] [--unit UNIT[,UNIT]]
       uptake user password NAME [--stdin]
       uptake user disable NAME
       uptake user enable NAME
       uptake user list
       uptake user token create NAME FOR
       uptake user token list NAME
       uptake user token revoke NAME ID

Roles are viewer, lead, marketing, it, finance and admin; a lead reads the units of --unit with all below
them, and the company's total. With --stdin the password is read from the first line of standard input
(at least 12 characters); else one is made, and it alone goes to standard output, this once. A token of a person asks the API in the
person's name, with the rights of the account; FOR says what it is for, and create prints it, this once.`,
	prepare: func(m *Main, flags *flag.FlagSet) func(context.Context, []string) error {
		var roles, units string
		var stdin bool
		flags.StringVar(&roles, "role", "", "the `ROLES`, with commas between them")
		flags.StringVar(&units, "unit", "", "the `UNITS` that a lead leads, with commas between them")
		flags.BoolVar(&stdin, "stdin", false, "read the password from standard input")
		return func(ctx context.Context, args []string) error {
			if len(args) == 1 && args[0] == "list" {
				return m.listUsers(ctx)
			}
			if len(args) > 0 && args[0] == "token" {
				return m.userToken(ctx, args[1:])
			}
			if len(args) != 2 || !strings.Contains(" add role password disable enable ", " "+args[0]+" ") {
				return &usageError{message: "user: say add, role, password, disable or enable and a NAME, or list", command: "user"}
			}
			change := userChange{Do: args[0], Name: args[1], Units: split[string](units), Roles: split[access.Role](roles)}
			switch sets := change.Do == "add" || change.Do == "password"; {
			case stdin && !sets:
				return &usageError{message: "user " + change.Do + ": --stdin is for add and password", command: "user"}
			case stdin:
				password, err := firstLine(m.Stdin)
				if err != nil {
					return err
				}
				change.Password = password
			}
			return m.changeUser(ctx, change)
		}
	},
}

// split reads a list with commas, without empty parts.
func split[T ~string](text string) []T {
	var list []T
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, T(part))
		}
	}
	return list
}

// firstLine is a password that somebody else has chosen.
func firstLine(from io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(from, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", &usageError{message: "user: standard input holds no password", command: "user"}
	}
	return line, nil
}

func (m *Main) changeUser(ctx context.Context, change userChange) error {
	return m.withSession(ctx, "user", func(s *session) error {
		body, err := json.Marshal(change)
		if err != nil {
			return err
		}
		var made struct{ Password string }
		if err := s.call(ctx, request{method: http.MethodPost, path: "/control/users", once: true, body: body}, &made); err != nil {
			return err
		}
		if made.Password == "" {
			return nil
		}
		return m.print("%s", made.Password)
	})
}

func (m *Main) listUsers(ctx context.Context) error {
	return m.withSession(ctx, "user", func(s *session) error {
		var users []userLine
		if err := s.call(ctx, request{method: http.MethodGet, path: "/control/users"}, &users); err != nil {
			return err
		}
		if len(users) == 0 {
			m.console.note("There is nobody but admin yet. `uptake user add NAME --role ROLE` adds a person.")
			return nil
		}
		table := tabwriter.NewWriter(m.Stdout, 0, 8, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tROLES\tUNITS\tSTATE\tCREATED")
		for _, u := range users {
			roles := make([]string, len(u.Roles))
			for i, r := range u.Roles {
				roles[i] = string(r)
			}
			state := "active"
			if u.Disabled {
				state = "disabled"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", u.Name, strings.Join(roles, ","), strings.Join(u.Units, ","), state, u.Created.Format(time.DateOnly))
		}
		return table.Flush()
	})
}
