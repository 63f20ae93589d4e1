package dashboard

import (
	"context"
	"log/slog"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/query"
)

// The page says what the server is working at. 30 of 120 days took ten minutes, so the other 90 take thirty: less than 31.
func TestTrustShowsTheWorkOfTheMoment(t *testing.T) {
	work := Work{What: FiguresWork, Done: 30, Total: 120, Since: storyNow.Add(-10 * time.Minute)}
	r := newRig(t, func(c *Config) { c.Working = func() Work { return work } })
	v := r.signedIn()
	_, body := v.get("/trust")
	says(t, body, "The figures are being computed anew: 30 of 120 days are done, since "+r.english().clock(work.Since, time.UTC)+".")
	says(t, body, "At this pace less than 31 minutes are left.")
	says(t, body, `<progress aria-label="The figures are being computed anew" max="120" value="30">`)
	_, body = v.get("/trust", "Accept-Language", "de")
	says(t, body, "Die Zahlen werden neu berechnet: 30 von 120 Tagen sind fertig")

	work = Work{}
	_, body = v.get("/trust")
	require.NotContains(t, body, "<progress", "nothing is under way, and nothing says so")
}

// Who waits for a report hears of each of its parts: seven questions and the paper. Once they are gone, nothing more is asked and
// nothing written.
func TestAReportTellsHowFarItIsAndStops(t *testing.T) {
	company := newCompany(tellStory(t), "manufacturer", func() time.Time { return storyNow })
	var heard [][2]int
	var pdf countingWriter
	write := func(ctx context.Context, told func(done, total int)) error {
		return WriteReport(ctx, func() *query.Company { return company }, slog.New(slog.DiscardHandler), "board-pack", url.Values{}, &pdf, told)
	}
	require.NoError(t, write(t.Context(), func(done, total int) { heard = append(heard, [2]int{done, total}) }))
	require.Equal(t, [2]int{0, 1}, heard[0])
	require.Equal(t, [2]int{8, 8}, heard[len(heard)-1])
	require.Positive(t, pdf.Load())

	pdf.Store(0)
	ctx, leave := context.WithCancel(t.Context())
	last := 0
	err := write(ctx, func(done, _ int) {
		if last = done; done == 1 {
			leave()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, last, 8, "it was not put on paper")
	require.Zero(t, pdf.Load())
}

// countingWriter counts what is written.
type countingWriter struct{ atomic.Int64 }

func (w *countingWriter) Write(p []byte) (int, error) {
	w.Add(int64(len(p)))
	return len(p), nil
}
