//go:build !linux || !(amd64 || arm64)

package embedded

import (
	"context"
	"net/http"
)

// Engine cannot exist on this platform; Open says so.
type Engine struct{}

// Open returns [ErrPlatform].
func Open(context.Context, string, Options) (*Engine, error) {
	_, err := FindLibrary()
	return nil, err
}

// InUse is false: nothing can be.
func InUse(string) bool { return false }

// RoundTrip is never reached.
func (*Engine) RoundTrip(*http.Request) (*http.Response, error) { return nil, ErrPlatform }

// Writes is never reached.
func (*Engine) Writes() (uint64, bool) { return 0, false }

// Version is never reached.
func (*Engine) Version() string { return "" }

// BackupDir is never reached.
func (*Engine) BackupDir() string { return "" }

// Close is never reached.
func (*Engine) Close() error { return nil }
