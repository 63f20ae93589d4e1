package clickhouse

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

func tooOld(version string) bool {
	v := proto.ParseVersion(version)
	if v.Major != minimum.Major {
		return v.Major < minimum.Major
	}
	return v.Minor < minimum.Minor
}

func tooOldError(version string) error {
	return &Error{Code: TooOld, Message: fmt.Sprintf(
		"This ClickHouse server is version %s; Uptake needs %d.%d or newer: upgrade it, or unset UPTAKE_CLICKHOUSE_DSN to use the embedded one.",
		version, minimum.Major, minimum.Minor)}
}

var versionLine = regexp.MustCompile(`^\d+\.\d+(\.\d+)*$`)

// probeVersion asks an HTTP server for its version with nothing but a plain GET.
// The driver's first question already uses functions and settings that old servers
// do not know, and their answer does not say what they are. Over the native
// protocol the driver gets along with old servers until here. It returns "" if no
// version comes back.
func (s store) probeVersion(ctx context.Context) string {
	if s.options.Protocol != driver.HTTP || s.options.TransportFunc != nil {
		return ""
	}
	scheme, transport := "http", &http.Transport{Proxy: http.ProxyFromEnvironment}
	if s.options.TLS != nil {
		scheme, transport.TLSClientConfig = "https", s.options.TLS.Clone()
	}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, s.options.DialTimeout)
	defer cancel()
	for _, address := range s.options.Addr {
		target := url.URL{Scheme: scheme, Host: address, Path: s.options.HttpUrlPath, RawQuery: "query=SELECT+version()"}
		if version := s.getVersion(ctx, transport, target.String()); version != "" {
			return version
		}
	}
	return ""
}

func (s store) getVersion(ctx context.Context, transport http.RoundTripper, target string) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return ""
	}
	req.Header.Set("X-ClickHouse-User", s.options.Auth.Username)
	req.Header.Set("X-ClickHouse-Key", s.options.Auth.Password)
	res, err := transport.RoundTrip(req)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 100))
	version := strings.TrimSpace(string(text))
	if err != nil || res.StatusCode != http.StatusOK || !versionLine.MatchString(version) {
		return ""
	}
	return version
}
