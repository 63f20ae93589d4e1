package ingest

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"uptake/clickhouse/clickhousetest"
)

// TestMain lets the process be the victim of the crash test, and finds what the tests left running.
func TestMain(m *testing.M) {
	if os.Getenv(victimDir) != "" {
		runVictim()
		return
	}
	code := m.Run()
	clickhousetest.Close()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Println("goroutines are left:", err)
		code = 1
	}
	os.Exit(code)
}
