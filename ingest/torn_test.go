package ingest

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// newestBlock is the file of a spool's folder that the stream of events wrote last.
func newestBlock(t *testing.T, dir string) string {
	t.Helper()
	last, ok := findLastWrite(dir)
	require.True(t, ok)
	return last.path
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

// A machine that loses its power leaves a last write half done, or what was on the disk before behind it. What was
// acknowledged before that write is there afterwards, once, and the spool goes on.
func TestATornLastWrite(t *testing.T) {
	// The disk as the crash leaves it, before and after the last message, which nobody was told of.
	dir, image := t.TempDir(), t.TempDir()
	r := openRig(t, rigConfig{spool: SpoolConfig{Dir: dir}})
	const acknowledged = 300
	for i := 0; i < acknowledged; i += 10 {
		r.accepted(eventLines(i, i+10), 10)
	}
	whole := fileSize(t, newestBlock(t, dir))
	r.accepted(eventLines(acknowledged, acknowledged+10), 10)
	require.NoError(t, os.CopyFS(image, os.DirFS(dir)))
	block, err := filepath.Rel(image, newestBlock(t, image))
	require.NoError(t, err)
	full := fileSize(t, filepath.Join(image, block))
	require.Greater(t, full, whole)

	cut := func(size int64) func(path string) error {
		return func(path string) error { return os.Truncate(path, size) }
	}
	behind := func(size int64, garbage []byte) func(path string) error {
		return func(path string) error {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			if err := f.Truncate(size); err != nil {
				return err
			}
			_, err = f.WriteAt(garbage, size)
			return err
		}
	}
	for name, tear := range map[string]func(path string) error{
		"a byte is missing":        cut(full - 1),
		"half is missing":          cut((whole + full) / 2),
		"a byte is there":          cut(whole + 1),
		"only its length is there": cut(whole + 4),
		"zeros instead":            behind(whole, make([]byte, full-whole)),
		"half, then zeros":         behind((whole+full)/2, make([]byte, full-(whole+full)/2)),
		"garbage instead":          behind(whole, bytes.Repeat([]byte{0xA5, 0x17, 0xFF}, 300)),
		"garbage behind it":        behind(full, bytes.Repeat([]byte{0xA5, 0x17, 0xFF}, 300)),
		"a page of zeros behind":   behind(full, make([]byte, 4096)),
	} {
		t.Run(name, func(t *testing.T) {
			dir, db := t.TempDir(), testDB(t)
			require.NoError(t, os.CopyFS(dir, os.DirFS(image)))
			require.NoError(t, tear(filepath.Join(dir, block)))
			var said bytes.Buffer
			s, err := OpenSpool(t.Context(), SpoolConfig{Dir: dir, Log: slog.New(slog.NewTextHandler(&said, nil))})
			require.NoError(t, err)
			torn, err := s.State(t.Context())
			require.NoError(t, err)
			s.Close()
			if fileSize(t, filepath.Join(dir, block)) < full {
				require.EqualValues(t, acknowledged/10, torn.Messages)
				require.Contains(t, said.String(), "in the middle of a write")
			}

			r := openRig(t, rigConfig{spool: SpoolConfig{Dir: dir}, loader: LoaderConfig{DB: db}})
			r.accepted(eventLines(acknowledged+10, acknowledged+20), 10) // it goes on
			r.settle()
			taken := map[int]bool{}
			for i := range acknowledged {
				taken[i] = true
			}
			for i := range 10 {
				taken[acknowledged+10+i] = true
			}
			requireStored(t, r, db, taken, acknowledged+20)
		})
	}
}
