package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The stop has a time of its own, counted from its beginning, for all its steps together; a step that fails keeps none of the
// others from their work.
func TestTheStopHasATimeOfItsOwn(t *testing.T) {
	var order []string
	var until []time.Time
	a := &app{die: func() { order = append(order, "die") }}
	for _, name := range []string{"spool", "door", "listener"} {
		a.onStop(name, func(ctx context.Context) error {
			require.NoError(t, ctx.Err())
			deadline, bounded := ctx.Deadline()
			require.True(t, bounded)
			order, until = append(order, name), append(until, deadline)
			return map[string]error{"door": errors.New("it hung")}[name]
		})
	}
	began := time.Now()
	require.EqualError(t, a.stop(), "door: it hung")
	require.Equal(t, []string{"die", "listener", "door", "spool"}, order)
	require.WithinRange(t, until[0], began.Add(stopWithin), time.Now().Add(stopWithin))
	require.Equal(t, []time.Time{until[0], until[0], until[0]}, until, "it is one time for all")
}

// A request that never ends is cut off when that time is over, and says so; the program does not hang on it.
func TestARequestWithoutEndIsCutOffAtTheStop(t *testing.T) {
	a := &app{log: slog.New(slog.DiscardHandler)}
	working := make(chan struct{})
	address, err := a.listen(t.Context(), "127.0.0.1:0", "UPTAKE_LISTEN", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(working)
		<-r.Context().Done() // until its connection is closed
	}))
	require.NoError(t, err)
	conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	<-working
	over, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.Len(t, a.stops, 1)
	require.ErrorIs(t, a.stops[0].do(over), context.DeadlineExceeded)
	cutOff(t, conn)
}
