//go:build linux || darwin

package ingest

import (
	"fmt"
	"syscall"
)

// diskSpace is how many bytes of the file system of dir are free for this program, and how many it has in all.
func diskSpace(dir string) (free, total int64, err error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return 0, 0, fmt.Errorf("asking for the free space of %s: %w", dir, err)
	}
	return int64(fs.Bavail) * int64(fs.Bsize), int64(fs.Blocks) * int64(fs.Bsize), nil //nolint:unconvert // the types differ between systems
}
