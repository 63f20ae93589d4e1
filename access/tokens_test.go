package access

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
)

// A token holds what its owner may at the moment, after a start anew too; it ends with the account, a new password, or when it is revoked.
func TestATokenIsItsOwner(t *testing.T) {
	ctx, db := t.Context(), clickhousetest.Open(t)
	require.NoError(t, migrations.Up(ctx, db))
	now := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	accounts, err := OpenAccounts(ctx, db, clock, "admin")
	require.NoError(t, err)
	require.NoError(t, accounts.Add(ctx, "ada", "a password of ada", []Role{Viewer}, nil))
	require.NoError(t, accounts.Add(ctx, "ben", "a password of ben", []Role{Viewer}, nil))
	open := func() *Tokens {
		tokens, err := OpenTokens(ctx, db, accounts.Person, clock, slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		return tokens
	}
	tokens := open()
	token, err := tokens.Make(ctx, "ada", " notebook ")
	require.NoError(t, err)
	require.Regexp(t, `^up_p_[A-Za-z0-9_-]{43}$`, token)
	list := tokens.List("ada")
	require.Len(t, list, 1)
	require.Equal(t, "notebook", list[0].Name)
	require.True(t, list[0].Good && list[0].Used.IsZero())
	require.Empty(t, tokens.List("ben"))

	var found uint64 // nothing of the secret is stored
	require.NoError(t, db.QueryRow(ctx, "SELECT countIf(position(toString(tuple(*)), ?) > 0) FROM personal_tokens", token[len(TokenPrefix):]).Scan(&found))
	require.Zero(t, found)

	person, ok := tokens.Check(token)
	require.True(t, ok)
	require.Equal(t, []Role{Viewer}, person.Roles)
	require.NoError(t, accounts.SetRights(ctx, "ada", []Role{Lead}, []string{"sales"}))
	person, _ = tokens.Check(token)
	require.True(t, person.Limited(), "at once")
	require.Equal(t, []string{"sales"}, person.Units)
	for _, wrong := range []string{"", TokenPrefix, token + "x", strings.ToUpper(token), hashOf(token)} {
		_, ok := tokens.Check(wrong)
		require.False(t, ok, wrong)
	}

	require.NoError(t, tokens.Flush(ctx))
	again := open()
	require.Equal(t, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), again.List("ada")[0].Used, "to the hour")
	require.Error(t, again.Revoke(ctx, "ben", list[0].ID), "it is not his")
	_, ok = again.Check(token)
	require.True(t, ok)

	require.NoError(t, accounts.SetDisabled(ctx, "ada", true))
	_, ok = again.Check(token)
	require.False(t, ok)
	_, err = again.Make(ctx, "ada", "another")
	require.ErrorContains(t, err, "no open account")
	require.NoError(t, accounts.SetDisabled(ctx, "ada", false))
	_, ok = again.Check(token)
	require.False(t, ok, "it ended with the sessions")
	require.False(t, again.List("ada")[0].Good)

	token, err = again.Make(ctx, "ada", "another")
	require.NoError(t, err)
	require.NoError(t, again.Revoke(ctx, "ada", hashOf(token)[:12]))
	_, ok = again.Check(token)
	require.False(t, ok)
	_, ok = open().Check(token)
	require.False(t, ok, "for good")

	for _, name := range []string{"", " ", "a\nb", strings.Repeat("x", 65)} {
		_, err := again.Make(ctx, "ben", name)
		require.Error(t, err, "%q", name)
	}
	for i := range maxTokens {
		_, err := again.Make(ctx, "ben", fmt.Sprint(i))
		require.NoError(t, err)
	}
	_, err = again.Make(ctx, "ben", "one more")
	require.ErrorContains(t, err, "Revoke one first")
}
