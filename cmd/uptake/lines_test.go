package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func allBatches(t *testing.T, text []byte, skip, line int64) (batches []*batch) {
	t.Helper()
	lines, err := openLines(bytes.NewReader(text), func() error { return nil })
	require.NoError(t, err)
	require.NoError(t, lines.skip(skip, line))
	for {
		b, err := lines.nextBatch()
		if errors.Is(err, io.EOF) {
			return batches
		}
		require.NoError(t, err)
		batches = append(batches, b)
	}
}

func TestLinesKeepTheirNumbers(t *testing.T) {
	long := `{"id":"` + strings.Repeat("x", maxLine) + `"}`
	text := "\ufeff" + `{"id":"1"}` + "\r\n\n" + `nonsense` + "\n" + `[1]` + "\n" + long + "\n  " + `{"id":"6"} ` + "\n" + `{"id":` + "\n" + `{"id":"8"}`
	batches := allBatches(t, []byte(text), 0, 0)
	require.Len(t, batches, 1)
	b := batches[0]
	require.Equal(t, "{\"id\":\"1\"}\n{\"id\":\"6\"}\n{\"id\":\"8\"}\n", string(b.body))
	require.Equal(t, []int64{1, 6, 8}, b.numbers)
	require.EqualValues(t, len(text), b.end)
	require.EqualValues(t, 8, b.last)
	var bad []int64
	for _, line := range b.bad {
		bad = append(bad, line.number)
	}
	require.Equal(t, []int64{3, 4, 5, 7}, bad)
	require.Contains(t, b.bad[2].reason, "larger than 65536 bytes")

	answer := eventsAnswer{}
	answer.Rejected = append(answer.Rejected, struct {
		Index         int
		Field, Reason string
	}{1, "action", "no"})
	merged := b.merge(answer)
	require.EqualValues(t, 6, merged[3].number, "the answer's index is a line of the file")
}

func TestLinesGoOnWhereABatchEnded(t *testing.T) {
	var text bytes.Buffer
	for i := range 2*batchLines + 7 {
		fmt.Fprintf(&text, "{\"id\":\"%d\"}\n", i)
	}
	for name, packed := range map[string][]byte{"plain": text.Bytes(), "gzip": pack(t, text.Bytes())} {
		t.Run(name, func(t *testing.T) {
			all := allBatches(t, packed, 0, 0)
			require.Len(t, all, 3)
			rest := allBatches(t, packed, all[0].end, all[0].last)
			require.Equal(t, all[1:], rest)
			require.EqualValues(t, 2*batchLines+7, all[2].last)
		})
	}
}

func pack(t *testing.T, text []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return packed.Bytes()
}

func TestImportRemembersAFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "events.ndjson")
	require.NoError(t, os.WriteFile(file, []byte("{}\n{}\n"), 0o600))
	open := func(source string, again bool) *importState {
		s, err := openImport(dir, source, file, again)
		require.NoError(t, err)
		return s
	}
	s := open("a", false)
	require.False(t, s.Done)
	s.Offset, s.Line, s.Size, s.Done = 6, 2, 6, true
	require.NoError(t, s.save())
	require.True(t, open("a", false).Done)
	require.False(t, open("b", false).Done, "another source is another import")
	require.Zero(t, open("a", true).Offset)

	require.NoError(t, os.WriteFile(file, []byte("{}\n{}\n{}\n"), 0o600))
	grown := open("a", false)
	require.False(t, grown.Done)
	require.EqualValues(t, 6, grown.Offset, "a file that has grown is read on from its old end")

	require.NoError(t, os.WriteFile(file, []byte("[]\n{}\n{}\n"), 0o600))
	require.Zero(t, open("a", false).Offset, "another file under the old name begins anew")
	require.NoError(t, os.WriteFile(file, []byte("{}\n"), 0o600))
	require.Zero(t, open("a", false).Offset, "a shorter one, too")
}
