package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each setting tells its value and its place; secrets and addresses tell their place alone, and the environment wins.
func TestSettingsInForceTellNoSecrets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "uptake.yaml")
	require.NoError(t, os.WriteFile(file, []byte("timezone: Europe/Berlin\nmin_group: 8\nadmin_password: hush hush hush\nreport_to: ada@example.org\nreport_every: week\nreport_from: b@example.org\nsmtp_url: smtp://u:hush@mail.example.org\n"), 0o600))
	c, err := Load(file, []string{"UPTAKE_MIN_GROUP=9", "UPTAKE_CLICKHOUSE_DSN=clickhouse://u:hush@db:9000/uptake"})
	require.NoError(t, err)
	is := map[string][2]string{}
	for _, one := range c.InForce() {
		is[one.Key] = [2]string{one.Value, one.Place}
		require.NotContains(t, one.Value, "hush")
		require.NotContains(t, one.Value, "@example.org")
	}
	require.Len(t, is, len(Settings))
	require.Equal(t, [2]string{"Europe/Berlin", file + ":1"}, is["timezone"])
	require.Equal(t, [2]string{"9", "UPTAKE_MIN_GROUP"}, is["min_group"])
	require.Equal(t, [2]string{"", file + ":3"}, is["admin_password"])
	require.Equal(t, [2]string{"", "UPTAKE_CLICKHOUSE_DSN"}, is["clickhouse_dsn"])
	require.Equal(t, [2]string{"", file + ":4"}, is["report_to"])
	require.Equal(t, [2]string{"36 months", ""}, is["retention"])
}
