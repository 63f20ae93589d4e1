//go:build !linux && !darwin

package ingest

import "errors"

// diskSpace cannot be known here: only a write that fails tells of a full disk.
func diskSpace(string) (free, total int64, err error) { return 0, 0, errors.ErrUnsupported }
