package ingest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An acknowledgement says that the message is on the disk. That is so as long as the server inside writes each one through
// before it answers; nothing else would fail without it but a machine that loses its power.
func TestTheSpoolInsideWritesThrough(t *testing.T) {
	spool, err := OpenSpool(t.Context(), SpoolConfig{Dir: t.TempDir()})
	require.NoError(t, err)
	defer spool.Close()
	spool.server.mu.Lock()
	defer spool.server.mu.Unlock()
	require.True(t, spool.server.server.JetStreamConfig().SyncAlways)
}
