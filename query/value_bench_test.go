package query

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkValue measures what 400 units and 6 tools are worth over 28 days and over a year, asked for the first time after a
// refresh, and again. It reports median and 95th percentile.
func BenchmarkValue(b *testing.B) {
	c := workStore(b)
	ctx := context.Background()
	for _, state := range []struct {
		name   string
		before func()
	}{{"first", func() { c.lists.last = nil }}, {"again", func() {}}} {
		for name, from := range map[string]string{"28 days": "2026-10-04", "a year": "2025-11-01"} {
			for _, children := range []bool{false, true} {
				first, last := day(from), day("2026-10-31")
				q := ValueQuestion{From: &first, To: &last, Children: children}
				b.Run(map[bool]string{false: "company, ", true: "company and children, "}[children]+name+", "+state.name, func(b *testing.B) {
					var took []time.Duration
					for b.Loop() {
						state.before()
						start := time.Now()
						answer, err := c.Value(ctx, q)
						took = append(took, time.Since(start))
						require.NoError(b, err)
						require.NotNil(b, answer.Rows[0].Hours.P50, answer.Rows[0].Why)
					}
					slices.Sort(took)
					b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
					b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
				})
			}
		}
	}
}
