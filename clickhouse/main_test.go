package clickhouse_test

import (
	"os"
	"testing"

	"uptake/clickhouse/clickhousetest"
)

// TestMain lets a test start this binary again as a process of its own, see child.
func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		os.Exit(runChild(role))
	}
	clickhousetest.Main(m)
}
