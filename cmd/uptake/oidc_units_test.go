package main

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/access"
	"uptake/clickhouse/clickhousetest"
	"uptake/cmd/uptake/config"
	"uptake/dashboard"
	"uptake/migrations"
	"uptake/query"
)

// The start says which units the file of groups names that there are not, and nothing of those that there are.
func TestUnitsThatDoNotExistAreSaidAtTheStart(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(t.Context(), db))
	require.NoError(t, db.Exec(t.Context(), "INSERT INTO units (unit, parent, name, legacy_entity, version) VALUES ('sales', '', 'Sales', '', 1)"))
	groups, err := access.ParseGroups("groups.yaml", []byte("groups:\n  - {group: a, roles: [lead], units: [sales, saels]}\n  - {group: b, roles: [lead], units: [legal, saels]}\n"))
	require.NoError(t, err)
	var said syncBuffer
	a := &app{cfg: &config.Config{OIDCRoles: "groups.yaml"}, company: &query.Company{DB: db}, log: slog.New(slog.NewTextHandler(&said, nil))}
	a.warnOfUnits(t.Context(), nil)
	require.Empty(t, said.String())
	a.warnOfUnits(t.Context(), &dashboard.OIDC{Groups: groups})
	require.Contains(t, said.String(), "oidc_roles names units that do not exist")
	require.Contains(t, said.String(), `file=groups.yaml units="legal, saels"`)
}
