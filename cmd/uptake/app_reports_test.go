package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// 2026-11-22 is a Sunday. A report goes out from six in the morning of the day after the period, by the clock of the
// reporting zone.
func TestWhichReportIsDue(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for _, c := range []struct {
		every    string
		now      time.Time
		from, to string
	}{
		{"week", time.Date(2026, 11, 22, 23, 0, 0, 0, berlin), "2026-11-09", "2026-11-15"},
		{"week", time.Date(2026, 11, 23, 5, 59, 0, 0, berlin), "2026-11-09", "2026-11-15"},
		{"week", time.Date(2026, 11, 23, 6, 0, 0, 0, berlin), "2026-11-16", "2026-11-22"},
		{"month", time.Date(2026, 11, 30, 12, 0, 0, 0, berlin), "2026-10-01", "2026-10-31"},
		{"month", time.Date(2026, 12, 1, 5, 0, 0, 0, berlin), "2026-10-01", "2026-10-31"},
		{"month", time.Date(2026, 12, 1, 7, 0, 0, 0, berlin), "2026-11-01", "2026-11-30"},
		{"quarter", time.Date(2026, 11, 30, 12, 0, 0, 0, berlin), "2026-08-01", "2026-10-31"}, // the year begins in February
		{"quarter", time.Date(2026, 2, 1, 5, 59, 0, 0, berlin), "2025-08-01", "2025-10-31"},
		{"quarter", time.Date(2026, 2, 1, 6, 0, 0, 0, berlin), "2025-11-01", "2026-01-31"},
		{"month", time.Date(2028, 3, 1, 7, 0, 0, 0, berlin), "2028-02-01", "2028-02-29"},
	} {
		from, to := lastPeriod(c.every, c.now, time.February)
		require.Equal(t, c.from, from.String(), "%v", c.now)
		require.Equal(t, c.to, to.String(), "%v", c.now)
	}
}

// A server that finds the report of last week not sent sends it once, and not again after a restart.
func TestAReportIsSentOnce(t *testing.T) {
	sent := make(chan []byte, 10)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		pdf, _ := io.ReadAll(r.Body)
		sent <- pdf
	}))
	defer hook.Close()
	h := newHouse(t, "UPTAKE_REPORT_EVERY=week", "UPTAKE_REPORT_WEBHOOK="+hook.URL+"/secret")
	h.must("demo", "--preset", "law-firm")
	require.NoError(t, os.WriteFile(filepath.Join(h.dir, reportsFile), []byte("2026-01-04"), 0o600))
	s := h.serve()
	select {
	case pdf := <-sent:
		require.Contains(t, string(pdf[:8]), "%PDF-")
	case <-time.After(2 * time.Minute):
		t.Fatalf("nothing was sent: %s", s.log)
	}
	require.Eventually(t, func() bool { // it is written down after it was sent
		kept, err := os.ReadFile(filepath.Join(h.dir, reportsFile))
		return err == nil && string(kept) > "2026-01-04"
	}, 10*time.Second, 10*time.Millisecond)
	require.NotContains(t, s.log.String(), "/secret")
	require.Zero(t, s.stop())
	require.Empty(t, sent)
}
