package ingest

import (
	"fmt"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"
)

// requireStored tells that the table holds every event of taken once, and nothing but the events 0..sent-1.
func requireStored(t testing.TB, r *rig, db driver.Conn, taken map[int]bool, sent int) {
	t.Helper()
	p := NewPseudonymiser([]byte("secret"))
	number := map[string]int{}
	for i := range sent {
		id := p.ID("feed", fmt.Sprintf("e%d", i))
		number[string(id[:])] = i
	}
	found, err := db.Query(t.Context(), "SELECT id FROM events FINAL")
	require.NoError(t, err)
	defer found.Close()
	stored := map[int]bool{}
	for found.Next() {
		var id string
		require.NoError(t, found.Scan(&id))
		i, known := number[id]
		require.True(t, known, "an event that was never sent")
		require.False(t, stored[i], "event %d stands twice", i)
		stored[i] = true
	}
	require.NoError(t, found.Err())
	for i := range taken {
		require.True(t, stored[i], "event %d was acknowledged and is lost", i)
	}
	state, err := r.spool.State(t.Context())
	require.NoError(t, err)
	require.Zero(t, state.Dead)
}
