package main

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// By hand: beside 32 MiB may lie 64 MiB, 200 %; beside 64, 100 %; beside 256 MiB 64 would be 25 %, so it is 30.
func TestGarbageThatMayPileUp(t *testing.T) {
	require.Equal(t, 200, garbagePercent(32<<20))
	require.Equal(t, 100, garbagePercent(64<<20))
	require.Equal(t, 30, garbagePercent(256<<20))
	require.Equal(t, 6400, garbagePercent(0))
}

// memoryVariable tells this test binary that it is the process that holds memory.
const memoryVariable = "UPTAKE_TEST_MEMORY"

// In a process of its own, because the setting is one of the process: while it holds 512 MiB, 30 % of that may pile up;
// when it has let them go, more than that again.
func TestGarbageFollowsWhatIsAlive(t *testing.T) {
	if os.Getenv(memoryVariable) == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), memoryVariable+"=1", "GOGC=")
		output, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", output)
		require.Contains(t, string(output), "--- PASS: "+t.Name())
		return
	}
	percent := func() uint64 {
		runtime.GC()
		sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	shareMemory()
	require.Greater(t, percent(), uint64(100))
	alive := make([]byte, 512<<20)
	require.Eventually(t, func() bool { return percent() == leastGarbage }, time.Minute, time.Millisecond)
	runtime.KeepAlive(alive)
	require.Eventually(t, func() bool { return percent() > 100 }, time.Minute, time.Millisecond)
}
