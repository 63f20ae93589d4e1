package ingest

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A disk that keeps the acknowledgement of a message and not its removal, as a full one may: the spool takes the
// message for loaded and holds it nevertheless. It is loaded again, counts once, and the spool is empty.
func TestAForgottenMessage(t *testing.T) {
	db := testDB(t)
	r := openRig(t, rigConfig{})
	taken := map[int]bool{}
	for i := range 300 {
		taken[i] = true
	}
	for from := 0; from < 300; from += 100 {
		r.accepted(eventLines(from, from+100), 100)
	}
	messages := filepath.Join(r.spool.server.cfg.Dir, "jetstream", "$G", "streams", eventsStream, "msgs")
	before := filepath.Join(t.TempDir(), "msgs")
	require.NoError(t, os.CopyFS(before, os.DirFS(messages)))
	r.startLoader(LoaderConfig{DB: db})
	r.settle()

	r.spool.server.ail()
	r.spool.server.shutdown()
	require.NoError(t, os.RemoveAll(messages))
	require.NoError(t, os.CopyFS(messages, os.DirFS(before)))
	require.NoError(t, r.spool.server.start())
	require.Eventually(t, func() bool {
		settled, err := r.spool.Settled(t.Context())
		return err == nil && !settled
	}, time.Minute, 10*time.Millisecond, "the connection is there again, and what was loaded is inside")
	r.settle()
	requireStored(t, r, db, taken, 300)
}
