package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPilotPower(t *testing.T) {
	h := newHouse(t)
	// A deviation of √(0.25 × 0.5 ÷ 12 × (1/8 + 1/8) + 0.03²) = 0.0591784; with 26 and 26 units Cohen's table 2.4.1 has a power
	// of 0.80 at d = 0.8, which is 4.7 points of it.
	size := []string{"pilot", "power", "--treated", "26", "--comparison", "26", "--people", "12"}
	require.Equal(t, "26 units of 12 people against 26 like them, 8 weeks before and 8 after: an effect of 4.7 points or more is found with a power of 80 %.", h.must(size...))
	require.Contains(t, h.must(append(size, "--effect", "4.734")...), "an effect of 4.7 points is found in 81 % of such pilots")
	for _, wrong := range [][]string{{"pilot"}, {"pilot", "luck"}, {"pilot", "power"}, append(size, "--treated", "2"), append(size, "--people", "0"), append(size, "--share", "100"), append(size, "--power", "100"), append(size, "--treated", "190")} {
		r := h.run(wrong...)
		require.Equal(t, exitUsage, r.code, wrong)
		require.Contains(t, r.stderr, "uptake help pilot")
	}
}
