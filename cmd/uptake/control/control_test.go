package control

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func serve(t *testing.T, dir string, handler http.HandlerFunc) (*Lock, *Server) {
	t.Helper()
	lock, err := TryLock(dir, Self("serve", true, false))
	require.NoError(t, err)
	server, err := Serve(dir, Self("serve", true, false), handler)
	require.NoError(t, err)
	return lock, server
}

func get(client *Client, path string) (string, error) {
	request, err := http.NewRequest(http.MethodGet, "http://uptake"+path, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }

func TestOneHolder(t *testing.T) {
	dir := t.TempDir()
	lock, err := TryLock(dir, Self("serve", true, false))
	require.NoError(t, err)
	_, err = TryLock(dir, Self("import", false, false))
	var held *HeldError
	require.ErrorAs(t, err, &held)
	require.ErrorIs(t, err, ErrHeld)
	require.Equal(t, os.Getpid(), held.Holder.PID)
	require.Contains(t, err.Error(), "uptake serve, since")
	_, _, err = Attach(t.Context(), dir, Self("serve", true, false), func(h Holder) bool { return h.Serves }, nil)
	require.ErrorAs(t, err, &held, "two that serve do not wait for each other for long")

	// One that was killed holds on for a moment, its name still in the lock, which it did not empty.
	time.AfterFunc(400*time.Millisecond, func() { _ = lock.file.Close() })
	var told []Holder
	client, next, err := Attach(t.Context(), dir, Self("serve", true, false), nil, func(h Holder) { told = append(told, h) })
	require.NoError(t, err)
	require.Nil(t, client)
	require.Len(t, told, 1, "who waits says for whom")
	require.NoError(t, next.Release())
	next, err = TryLock(dir, Self("import", false, false))
	require.NoError(t, err)
	require.NoError(t, next.Release())
}

func TestAttachToWhoHoldsIt(t *testing.T) {
	// Far longer than a socket's path may be.
	dir := filepath.Join(t.TempDir(), strings.Repeat("a-long-name/", 12))
	require.NoError(t, PrepareDir(dir))
	lock, server := serve(t, dir, hello)
	path, err := readPointer(dir)
	require.NoError(t, err)
	require.LessOrEqual(t, len(path), maxSocketPath)
	info, err := os.Stat(filepath.Dir(path))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())

	client, none, err := Attach(t.Context(), dir, Self("token", false, false), nil, nil)
	require.NoError(t, err)
	require.Nil(t, none)
	require.Equal(t, "serve", client.Holder.Command)
	text, err := get(client, "/x")
	require.NoError(t, err)
	require.Equal(t, "hello", text)

	require.NoError(t, server.Close(t.Context()))
	require.NoError(t, lock.Release())
	_, err = get(client, "/x")
	require.ErrorIs(t, err, ErrGone)
	require.NoFileExists(t, path)
}

// A socket file and a pointer whose process was killed are no obstacle.
func TestStaleSocket(t *testing.T) {
	dir := t.TempDir()
	path, err := socketPath(dir)
	require.NoError(t, err)
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	dead.SetUnlinkOnClose(false)
	require.NoError(t, dead.Close())
	require.NoError(t, writeFile(filepath.Join(dir, pointer), path))

	client, lock, err := Attach(t.Context(), dir, Self("token", false, false), nil, nil)
	require.NoError(t, err)
	require.Nil(t, client)
	require.NoError(t, lock.Release())
	held, server := serve(t, dir, hello)
	client, _, err = Attach(t.Context(), dir, Self("token", false, false), nil, nil)
	require.NoError(t, err)
	_, err = get(client, "/")
	require.NoError(t, err)
	require.NoError(t, server.Close(t.Context()))
	require.NoError(t, held.Release())
}

// Whoever asks while the holder ends is answered in full, or told for sure that nobody took the request.
func TestNoRequestIsLostWhileTheHolderEnds(t *testing.T) {
	dir := t.TempDir()
	var taken atomic.Int64
	lock, server := serve(t, dir, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(5 * time.Millisecond)
		taken.Add(1)
		_, _ = io.WriteString(w, "hello")
	})
	var answered atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		client, _, err := Attach(t.Context(), dir, Self("token", false, false), nil, nil)
		require.NoError(t, err)
		wg.Go(func() {
			for {
				switch text, err := get(client, "/"); {
				case err == nil && text == "hello":
					answered.Add(1)
				case errors.Is(err, ErrGone):
					return
				default:
					t.Errorf("%q %v", text, err)
					return
				}
			}
		})
	}
	time.Sleep(100 * time.Millisecond)
	require.NoError(t, server.Close(t.Context()))
	wg.Wait()
	require.Equal(t, taken.Load(), answered.Load())
	require.Positive(t, answered.Load())
	require.NoError(t, lock.Release())
}

func TestAttachWaitsForItsTurn(t *testing.T) {
	dir := t.TempDir()
	lock, err := TryLock(dir, Self("import", false, false))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer cancel()
	var told []Holder
	_, _, err = Attach(ctx, dir, Self("token", false, false), nil, func(h Holder) { told = append(told, h) })
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Len(t, told, 1)
	require.Equal(t, "import", told[0].Command)

	time.AfterFunc(100*time.Millisecond, func() { _ = lock.Release() })
	client, mine, err := Attach(t.Context(), dir, Self("token", false, false), nil, nil)
	require.NoError(t, err)
	require.Nil(t, client)
	require.NoError(t, mine.Release())
}

func TestDirectoryThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	err := PrepareDir(filepath.Join(file, "data"))
	require.Equal(t, adoption.Forbidden, adoption.CodeOf(err))
	require.ErrorContains(t, err, "UPTAKE_DATA")
}
