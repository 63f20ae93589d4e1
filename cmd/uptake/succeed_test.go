package main

import (
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A port that its last owner gives free a moment later, as one that was killed does, is taken, and the log says what is waited for.
func TestAPortIsTakenOver(t *testing.T) {
	var said syncBuffer
	a := &app{log: slog.New(slog.NewTextHandler(&said, nil))}
	before, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := before.Addr().String()
	time.AfterFunc(200*time.Millisecond, func() { _ = before.Close() })
	url, err := a.listen(t.Context(), address, "UPTAKE_LISTEN", http.NotFoundHandler())
	require.NoError(t, err)
	require.Equal(t, "http://"+address, url)
	require.Contains(t, said.String(), "the address "+address)
	require.NoError(t, a.stops[0].do(t.Context()))
}
