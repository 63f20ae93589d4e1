package adoption

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// By the calendar: a year that begins in April has the quarters from April, July, October and January; one that begins in February
// those from February, May, August and November.
func TestYearsAndQuarters(t *testing.T) {
	for _, c := range []struct {
		day           string
		first         time.Month
		year, quarter string
	}{
		{"2026-11-22", time.January, "2026-01-01", "2026-10-01"},
		{"2026-01-01", time.January, "2026-01-01", "2026-01-01"},
		{"2026-12-31", time.January, "2026-01-01", "2026-10-01"},
		{"2026-11-22", time.April, "2026-04-01", "2026-10-01"},
		{"2026-03-31", time.April, "2025-04-01", "2026-01-01"},
		{"2026-04-01", time.April, "2026-04-01", "2026-04-01"},
		{"2028-02-29", time.February, "2028-02-01", "2028-02-01"},
		{"2028-01-31", time.February, "2027-02-01", "2027-11-01"},
		{"2026-11-22", time.December, "2025-12-01", "2026-09-01"},
		{"1970-01-05", time.October, "1970-01-01", "1970-01-01"}, // day 0: nothing lies before it
	} {
		day, err := ParseDay(c.day)
		require.NoError(t, err)
		require.Equal(t, c.year, day.FirstOfYear(c.first).String(), "%+v", c)
		require.Equal(t, c.quarter, day.FirstOfQuarter(c.first).String(), "%+v", c)
	}
}
