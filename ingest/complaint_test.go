package ingest

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A spool that is full refuses every request, and says so now and then instead of each time.
func TestRefusalsDoNotFillTheLog(t *testing.T) {
	r := openRig(t, rigConfig{spool: SpoolConfig{MaxBytes: 1}})
	var said bytes.Buffer
	r.door.cfg.Log = slog.New(slog.NewTextHandler(&said, nil))
	const refused = 200
	for range refused {
		status, _, _ := r.post([]byte(event(1)))
		require.Equal(t, 503, status)
	}
	lines := strings.Count(said.String(), "was not taken")
	require.Positive(t, lines)
	require.Less(t, lines, refused)
}
