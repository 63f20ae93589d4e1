package access

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
)

// What each role may, written down by hand: F read figures, V read value, A edit assumptions, P edit plans, O operate,
// X administer, S scrape.
func TestWhatEachRoleMay(t *testing.T) {
	letters := map[Right]string{ReadFigures: "F", ReadValue: "V", EditAssumptions: "A", EditPlans: "P", Operate: "O", Administer: "X", Scrape: "S"}
	for role, want := range map[Role]string{Viewer: "FV", Lead: "FV", Marketing: "FVP", IT: "FVOS", Finance: "FVA", Admin: "FVAPOXS", Scraper: "S", "nobody": "", "": ""} {
		p := Person{Roles: []Role{role}}
		for right, letter := range letters {
			require.Equal(t, strings.Contains(want, letter), p.May(right), "%s: %s", role, right)
		}
		require.Equal(t, role == Lead, p.Limited(), role)
	}
	require.False(t, Person{}.May(ReadFigures))
	require.True(t, Person{Roles: []Role{Lead, Scraper}}.Limited(), "a role that reads no figures opens none")
	require.False(t, Person{Roles: []Role{Lead, Finance}}.Limited())
}

func TestAccountsAreKept(t *testing.T) {
	ctx, db := t.Context(), clickhousetest.Open(t)
	require.NoError(t, migrations.Up(ctx, db))
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	open := func() *Accounts {
		a, err := OpenAccounts(ctx, db, now, "admin")
		require.NoError(t, err)
		return a
	}
	a := open()
	const first, second = "a long password", "another password"
	require.NoError(t, a.Add(ctx, "ada", first, []Role{Lead, Finance}, []string{"sales"}))
	for _, c := range []struct {
		name, password string
		roles          []Role
		units          []string
		field          string
		code           adoption.Code
	}{
		{"ada", first, []Role{Viewer}, nil, "name", adoption.Conflict},
		{"admin", first, []Role{Viewer}, nil, "name", adoption.Conflict},
		{"ada@example.org", first, []Role{Viewer}, nil, "name", adoption.InvalidParameter},
		{"", first, []Role{Viewer}, nil, "name", adoption.InvalidParameter},
		{"bob", "elevenchars", []Role{Viewer}, nil, "password", adoption.InvalidParameter},
		{"bob", first, nil, nil, "role", adoption.InvalidParameter},
		{"bob", first, []Role{"king"}, nil, "role", adoption.InvalidParameter},
		{"bob", first, []Role{Scraper}, nil, "role", adoption.InvalidParameter},
		{"bob", first, []Role{Lead}, nil, "unit", adoption.InvalidParameter},
		{"bob", first, []Role{Viewer}, []string{"sales"}, "unit", adoption.InvalidParameter},
		{"bob", first, []Role{Lead}, []string{adoption.Company}, "unit", adoption.InvalidParameter},
	} {
		err := adoption.Public(a.Add(ctx, c.name, c.password, c.roles, c.units))
		require.Equal(t, c.code, err.Code, "%+v", c)
		require.Equal(t, c.field, err.Field, "%+v", c)
	}
	for _, a := range []*Accounts{a, open()} { // now, and after a restart
		p, ok := a.SignIn("ada", first)
		require.True(t, ok)
		require.Equal(t, Person{Name: "ada", Roles: []Role{Lead, Finance}, Units: []string{"sales"}, Epoch: 1}, p)
		require.Len(t, a.List(), 1)
	}
	for _, wrong := range [][2]string{{"ada", second}, {"ada", ""}, {"bob", first}, {"Ada", first}, {"", ""}} {
		_, ok := a.SignIn(wrong[0], wrong[1])
		require.False(t, ok, wrong)
	}

	require.NoError(t, a.SetPassword(ctx, "ada", second))
	require.NoError(t, a.SetRights(ctx, "ada", []Role{Viewer}, nil))
	_, ok := a.SignIn("ada", first)
	require.False(t, ok)
	p, ok := open().SignIn("ada", second)
	require.True(t, ok)
	require.Equal(t, Person{Name: "ada", Roles: []Role{Viewer}, Units: []string{}, Epoch: 2}, p)

	require.NoError(t, a.SetDisabled(ctx, "ada", true))
	for _, a := range []*Accounts{a, open()} {
		_, ok = a.SignIn("ada", second)
		require.False(t, ok)
		_, ok = a.Person("ada")
		require.False(t, ok)
	}
	require.NoError(t, a.SetDisabled(ctx, "ada", false))
	p, ok = a.Person("ada")
	require.True(t, ok)
	require.Equal(t, uint64(4), p.Epoch, "sessions from before it was disabled stay over")
	require.Equal(t, adoption.NotFound, adoption.CodeOf(a.SetDisabled(ctx, "bob", true)))
	require.NotContains(t, a.List()[0].hash, second)
	require.True(t, strings.HasPrefix(a.List()[0].hash, "$argon2id$v=19$m=65536,t=2,p=2$"))
}
