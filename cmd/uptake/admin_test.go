package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestAdminIsMadeOnceAndKeptAsAHash(t *testing.T) {
	dir := t.TempDir()
	a, made, err := openAdmin(dir, "", false)
	require.NoError(t, err)
	require.Empty(t, made, "a command that shows no password makes none")
	require.False(t, a.Check(adminUser, ""))

	a, made, err = openAdmin(dir, "", true)
	require.NoError(t, err)
	require.Len(t, made, 20)
	require.True(t, a.Check(adminUser, made))
	require.False(t, a.Check("root", made))
	require.False(t, a.Check(adminUser, made+"x"))
	text, err := os.ReadFile(filepath.Join(dir, "admin"))
	require.NoError(t, err)
	require.Contains(t, string(text), "$argon2id$v=19$m=65536,t=2,p=2$")
	require.NotContains(t, string(text), made)
	info, err := os.Stat(filepath.Join(dir, "admin"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	a, again, err := openAdmin(dir, "", true)
	require.NoError(t, err)
	require.Empty(t, again)
	require.True(t, a.Check(adminUser, made))
	before := a.Hash()
	renewed, err := a.renew()
	require.NoError(t, err)
	require.True(t, a.Check(adminUser, renewed))
	require.False(t, a.Check(adminUser, made))
	require.NotEqual(t, before, a.Hash())
}

func TestAdminOfTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	a, made, err := openAdmin(dir, "a given password", true)
	require.NoError(t, err)
	require.Empty(t, made)
	require.True(t, a.Check(adminUser, "a given password"))
	before := a.Hash()
	a, _, err = openAdmin(dir, "a given password", true)
	require.NoError(t, err)
	require.Equal(t, before, a.Hash(), "the same password does not end the sessions")
	a, _, err = openAdmin(dir, "another password", true)
	require.NoError(t, err)
	require.False(t, a.Check(adminUser, "a given password"))

	require.NoError(t, os.WriteFile(filepath.Join(dir, "admin"), []byte("secret"), 0o600))
	_, _, err = openAdmin(dir, "", true)
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	require.ErrorContains(t, err, "Delete it and start again")
}
