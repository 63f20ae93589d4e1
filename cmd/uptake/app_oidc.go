package main

import (
	"context"
	"errors"
	"os"
	"strings"

	"uptake/access"
	"uptake/cmd/uptake/config"
	"uptake/dashboard"
)

// warnOfUnits says at the start which units the file of groups names that there are not: who leads one of them would see nothing
// but the company's total.
func (a *app) warnOfUnits(ctx context.Context, provider *dashboard.OIDC) {
	if provider == nil {
		return
	}
	unknown, err := a.company.UnknownUnits(ctx, provider.Groups.Units())
	switch {
	case err != nil:
		a.log.Warn("whether oidc_roles names units that do not exist could not be looked up", "error", err)
	case len(unknown) > 0:
		a.log.Warn("oidc_roles names units that do not exist: correct the file, or bring the units in", "file", a.cfg.OIDCRoles, "units", strings.Join(unknown, ", "))
	}
}

// loadOIDC is the provider of sign-ins that is configured, nil for none. What is missing and mistakes in the file of
// groups are mistakes of the configuration.
func loadOIDC(cfg *config.Config) (*dashboard.OIDC, error) {
	if cfg.OIDCIssuer == "" {
		if cfg.OIDCClientID != "" || cfg.OIDCClientSecret != "" || cfg.OIDCRoles != "" {
			return nil, config.Errors{"oidc_issuer is missing: the other settings of OpenID Connect are there"}
		}
		return nil, nil //nolint:nilnil // nobody signs in that way, which is no mistake
	}
	var mistakes config.Errors
	for _, needed := range []struct{ key, value, why string }{
		{"oidc_client_id", cfg.OIDCClientID, "the provider has to know who asks"},
		{"oidc_roles", cfg.OIDCRoles, "without roles nobody could sign in"},
		{"public_url", cfg.PublicURL, "the provider has to know where to send people back to"},
	} {
		if needed.value == "" {
			mistakes = append(mistakes, needed.key+" is missing: oidc_issuer is set, and "+needed.why)
		}
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	text, err := os.ReadFile(cfg.OIDCRoles)
	if err != nil {
		return nil, config.Errors{"oidc_roles: " + err.Error()}
	}
	groups, err := access.ParseGroups(cfg.OIDCRoles, text)
	var wrong access.GroupErrors
	if errors.As(err, &wrong) {
		return nil, config.Errors(wrong)
	}
	return &dashboard.OIDC{Issuer: cfg.OIDCIssuer, ClientID: cfg.OIDCClientID, ClientSecret: cfg.OIDCClientSecret,
		Callback: cfg.PublicURL + "/sign-in/oidc/callback", Groups: groups}, err
}
