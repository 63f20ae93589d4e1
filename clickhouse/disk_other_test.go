//go:build !linux

package clickhouse_test

import "testing"

func smallDisk(t *testing.T, _ int) string {
	t.Skip("the embedded engine is for Linux only")
	return ""
}
