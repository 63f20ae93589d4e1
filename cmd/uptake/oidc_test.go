package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/access"
	"uptake/cmd/uptake/config"
)

// What is missing beside oidc_issuer, and mistakes in the file of groups, are mistakes of the configuration.
func TestProviderOfSignInsIsConfiguredWhollyOrNotAtAll(t *testing.T) {
	t.Chdir(t.TempDir())
	file := filepath.Join(t.TempDir(), "roles.yaml")
	load := func(roles string, environ ...string) ([]string, *config.Config) {
		require.NoError(t, os.WriteFile(file, []byte(roles), 0o600))
		cfg, err := config.Load("", environ)
		require.NoError(t, err)
		_, err = loadOIDC(cfg)
		if err == nil {
			return nil, cfg
		}
		var mistakes config.Errors
		require.ErrorAs(t, err, &mistakes)
		return mistakes, cfg
	}
	const issuer, good = "UPTAKE_OIDC_ISSUER=https://login.example.com", "groups: [{group: a, roles: [viewer]}]"
	all := []string{issuer, "UPTAKE_OIDC_CLIENT_ID=uptake", "UPTAKE_OIDC_ROLES=" + file, "UPTAKE_PUBLIC_URL=https://uptake.example.com/"}

	mistakes, cfg := load(good)
	require.Empty(t, mistakes)
	provider, err := loadOIDC(cfg)
	require.NoError(t, err)
	require.Nil(t, provider, "nobody signs in that way")

	mistakes, cfg = load(good, all...)
	require.Empty(t, mistakes)
	provider, err = loadOIDC(cfg)
	require.NoError(t, err)
	require.Equal(t, "https://uptake.example.com/sign-in/oidc/callback", provider.Callback)
	roles, _ := provider.Groups.Rights([]string{"a"})
	require.Equal(t, []access.Role{access.Viewer}, roles)

	mistakes, _ = load(good, issuer)
	require.Len(t, mistakes, 3)
	for i, key := range []string{"oidc_client_id", "oidc_roles", "public_url"} {
		require.Contains(t, mistakes[i], key+" is missing")
	}
	mistakes, _ = load(good, "UPTAKE_OIDC_CLIENT_SECRET=hush")
	require.Len(t, mistakes, 1)
	require.Contains(t, mistakes[0], "oidc_issuer is missing")
	require.NotContains(t, mistakes[0], "hush")
	mistakes, _ = load("groups:\n  - group: a\n    roles: [chief]\n", all...)
	require.Len(t, mistakes, 1)
	require.Contains(t, mistakes[0], file+":2: roles: There is no role")
	require.NoError(t, os.Remove(file))
	_, err = loadOIDC(cfg)
	require.ErrorContains(t, err, "oidc_roles: ")
}

func TestProviderOfSignInsSpeaksTLS(t *testing.T) {
	t.Chdir(t.TempDir())
	for issuer, good := range map[string]bool{
		"https://login.example.com/realms/main": true, "http://localhost:5556/dex": true, "http://127.0.0.1:5556": true,
		"http://login.example.com": false, "http://10.0.0.1": false, "login.example.com": false, "https://a:b@login.example.com": false, "ftp://login.example.com": false,
	} {
		_, err := config.Load("", []string{"UPTAKE_OIDC_ISSUER=" + issuer})
		require.Equal(t, good, err == nil, "%s: %v", issuer, err)
	}
}
