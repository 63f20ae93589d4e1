package mapping

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/ingest/wire"
)

type event = wire.Event

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	set, err := Load(filepath.Join(dir, "none yet"))
	require.NoError(t, err)
	require.Empty(t, set.Sources())

	write(t, dir, "wiki.yaml", "tool: wiki\n")
	write(t, dir, "Big Chat.yaml", "tool: chat\n")
	write(t, dir, "README.md", "not looked at")
	write(t, dir, ".wiki.yaml", "not: looked at")
	set, err = Load(dir)
	require.NoError(t, err)
	require.Equal(t, []string{"Big Chat", "wiki"}, set.Sources())
	require.Equal(t, filepath.Join(dir, "wiki.yaml"), set.Of("wiki").File())
	require.Empty(t, set.Of("board").File())

	write(t, dir, "wiki.yaml", "tol: wiki\n")
	write(t, dir, "board.yml", "tool: board\n")
	_, err = Load(dir)
	var mistakes Errors
	require.ErrorAs(t, err, &mistakes)
	require.Len(t, mistakes, 2)
	require.Contains(t, mistakes[0], "board.yml: a mapping's file ends in .yaml")
	require.Contains(t, mistakes[1], "wiki.yaml:1: \"tol\" is not known here")
}

// A changed file is read again; a wrong one leaves what was in force until it is mended.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "wiki.yaml", "tool: wiki\n")
	write(t, dir, "chat.yaml", "tool: chat\n")
	set, err := Load(dir)
	require.NoError(t, err)
	reload := func(want ...string) {
		t.Helper()
		changed, err := set.Reload()
		require.NoError(t, err)
		require.Equal(t, want, changed)
	}
	toolOf := func(source string) string { return string(set.Of(source).tool) }
	reload()

	write(t, dir, "wiki.yaml", "tool: wiki2\nevents: wrong\n")
	reload("wiki")
	require.Equal(t, "wiki", toolOf("wiki"))
	require.Len(t, set.Mistakes(), 1)
	reload()
	require.Len(t, set.Mistakes(), 1, "it is still wrong")

	write(t, dir, "wiki.yaml", "tool: wiki3\n")
	require.NoError(t, os.Remove(filepath.Join(dir, "chat.yaml")))
	write(t, dir, "board.yaml", "tool: board\n")
	reload("board", "chat", "wiki")
	require.Empty(t, set.Mistakes())
	require.Equal(t, []string{"wiki3", "", "board"}, []string{toolOf("wiki"), toolOf("chat"), toolOf("board")})

	write(t, dir, "new.yaml", "events: wrong\n")
	reload("new")
	require.Len(t, set.Mistakes(), 1)
	require.Empty(t, toolOf("new"))
}

// A mistake is logged once, however often the files are looked at.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	set, err := Load(dir)
	require.NoError(t, err)
	var out logged
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		set.Watch(ctx, time.Millisecond, slog.New(slog.NewTextHandler(&out, nil)))
	}()
	write(t, dir, "wiki.yaml", "tol: wiki\n")
	require.Eventually(t, func() bool { return len(set.Mistakes()) == 1 && out.count("has mistakes") == 1 }, 10*time.Second, time.Millisecond)
	time.Sleep(50 * time.Millisecond)
	require.Equal(t, 1, out.count("has mistakes"))
	write(t, dir, "wiki.yaml", "tool: wiki\n\n")
	require.Eventually(t, func() bool { return set.Of("wiki").File() != "" }, 10*time.Second, time.Millisecond)
	cancel()
	<-done
}

// logged is a log that may be read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Count(l.text.Bytes(), []byte(what))
}
