package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"uptake/access"
)

// userToken is `uptake user token …`, args being what follows.
func (m *Main) userToken(ctx context.Context, args []string) error {
	switch word := append(args, "")[0]; {
	case word == "list" && len(args) == 2:
		return m.listUserTokens(ctx, args[1])
	case (word == "create" || word == "revoke") && len(args) == 3:
		return m.changeUserToken(ctx, tokenChange{Do: word, Owner: args[1], Which: args[2]})
	}
	return &usageError{message: "user token: say create NAME FOR, list NAME, or revoke NAME ID", command: "user"}
}

func (m *Main) changeUserToken(ctx context.Context, change tokenChange) error {
	return m.withSession(ctx, "user", func(s *session) error {
		body, err := json.Marshal(change)
		if err != nil {
			return err
		}
		var made struct{ Token string }
		if err := s.call(ctx, request{method: http.MethodPost, path: "/control/users/tokens", once: true, body: body}, &made); err != nil {
			return err
		}
		if made.Token == "" {
			return nil
		}
		return m.print("%s", made.Token)
	})
}

func (m *Main) listUserTokens(ctx context.Context, owner string) error {
	return m.withSession(ctx, "user", func(s *session) error {
		var tokens []access.Token
		if err := s.call(ctx, request{method: http.MethodGet, path: "/control/users/tokens", query: url.Values{"owner": {owner}}}, &tokens); err != nil {
			return err
		}
		if len(tokens) == 0 {
			m.console.note("There are no tokens of %s. `uptake user token create %s FOR` makes one.", owner, owner)
			return nil
		}
		table := tabwriter.NewWriter(m.Stdout, 0, 8, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tFOR\tSTATE\tCREATED\tUSED")
		for _, one := range tokens {
			state, used := "ended", "never"
			if one.Good {
				state = "good"
			}
			if !one.Used.IsZero() {
				used = one.Used.Format(time.DateOnly)
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", one.ID, one.Name, state, one.Created.Format(time.DateOnly), used)
		}
		return table.Flush()
	})
}
