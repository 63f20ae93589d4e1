package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
	"uptake/clickhouse/clickhousetest"
)

// readiness is what /readyz says.
func (s *server) readiness() (status int, degraded []string) {
	s.t.Helper()
	response, err := http.Get(s.url + "/readyz")
	require.NoError(s.t, err)
	defer response.Body.Close()
	var answer struct{ Degraded []string }
	require.NoError(s.t, json.NewDecoder(response.Body).Decode(&answer))
	return response.StatusCode, answer.Degraded
}

// ClickHouse is away for a while, comes back, and then for a while every answer of it is lost: events are taken all
// the time, readiness says what is amiss, and in the end each event is there once.
func TestClickHouseAwayAndDeafAndBack(t *testing.T) {
	store := clickhousetest.Serve(t)
	h := newHouse(t, "UPTAKE_RETENTION=off", "UPTAKE_CLICKHOUSE_DSN="+store.DSN)
	token := h.must("token", "create", "--source", "sender", "--directory")
	reader := h.must("token", "create", "--reader", "test")
	s := h.serve()
	const day, people, size = "2026-11-10", 10, 100
	s.sendDirectory(token, "people", companyOf(people))
	sent := 0
	send := func(batches int) {
		for range batches {
			var b bytes.Buffer
			for range size {
				fmt.Fprintf(&b, `{"id":"%d","time":"%sT08:00:00Z","tool":"chat","actor":"p%d@example.org","action":"post"}`+"\n", sent, day, sent%people)
				sent++
			}
			status, answer, err := s.send(token, "/v1/events", "application/x-ndjson", &b)
			require.NoError(t, err)
			require.Equal(t, http.StatusAccepted, status, "%s", answer)
		}
	}
	counted := func() int { return *s.adoption(reader, "chat", day, false)[0].Actions }
	send(5)
	s.settle(reader)
	require.Equal(t, sent, counted())
	status, degraded := s.readiness()
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, degraded)

	store.Away.Store(true)
	send(20)
	require.Eventually(t, func() bool {
		status, degraded = s.readiness()
		return status == http.StatusOK && strings.Contains(strings.Join(degraded, " "), "Loading fails since")
	}, time.Minute, 50*time.Millisecond, "events are taken, and the rest is said to be degraded: %d %s", status, degraded)
	send(20)

	store.Deaf.Store(true)
	store.Away.Store(false)
	require.Eventually(t, func() bool { return store.Lost.Load() >= 3 }, 2*time.Minute, 10*time.Millisecond, "an insert without an answer is repeated")
	send(5)
	store.Deaf.Store(false)
	s.settle(reader)
	require.Equal(t, sent, counted())
	db, err := clickhouse.Open(t.Context(), clickhouse.Config{DSN: store.DSN})
	require.NoError(t, err)
	defer db.Close()
	var rows uint64
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM events").Scan(&rows))
	require.EqualValues(t, sent, rows, "its token kept the repeats out")
	status, degraded = s.readiness()
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, degraded)
	require.Zero(t, s.stop(), "%s", s.log)
}

// companyOf is a directory of so many people in one unit.
func companyOf(people int) string {
	var csv strings.Builder
	csv.WriteString("email,unit,effective_from\n")
	for i := range people {
		fmt.Fprintf(&csv, "p%d@example.org,sales,2026-01-01\n", i)
	}
	return csv.String()
}
