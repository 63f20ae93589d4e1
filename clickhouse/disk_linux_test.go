package clickhouse_test

import (
	"errors"
	"os"
	"strconv"
	"syscall"
	"testing"
)

// smallDisk mounts a filesystem in memory, which only root may.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+strconv.Itoa(size)); err != nil {
		if errors.Is(err, syscall.EPERM) && os.Getenv("UPTAKE_TEST_ALL") != "1" {
			t.Skip("a full disk can only be made as root: ", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}
