package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// FuzzZipped sends any bytes as a compressed body: first as they are, with and without a word about it in the header, then
// inside a sound gzip of as many repeats as make a bomb of them. What the standard library unpacks must be read the same, never
// more than the bound, and what is refused must say why and give its place back.
func FuzzZipped(f *testing.F) {
	for _, seed := range [][]byte{nil, []byte("\x1f\x8b"), []byte(goodEvent), zipped(f, goodEvent), append(zipped(f, goodEvent), zipped(f, goodEvent)...), zipped(f, goodEvent)[:30],
		append(zipped(f, "[]"), "junk"...), zipped(f, string(zipped(f, goodEvent))), zipped(f, string(bytes.Repeat([]byte(" "), 1<<17)))} {
		f.Add(seed, "gzip", uint16(3))
		f.Add(seed, "", uint16(60_000))
	}
	f.Add([]byte("x"), "deflate", uint16(0))
	f.Add([]byte("x"), "gzip, br", uint16(0))
	limits := Limits{Body: 64 << 10}.withDefaults()
	fair, w := newFairness(limits.fair(), nil), gzip.NewWriter(nil)
	f.Fuzz(func(t *testing.T, sent []byte, encoding string, times uint16) {
		all := newBodies(limits) // with empty pools: the fuzzer compares runs
		readZipped(t, all, fair, sent, encoding)
		var bomb bytes.Buffer
		w.Reset(&bomb)
		for range min(int(times), 2*limits.Body/max(len(sent), 1)) {
			_, _ = w.Write(sent)
		}
		require.NoError(t, w.Close())
		readZipped(t, all, fair, bomb.Bytes(), encoding)
	})
}

// readZipped reads a body as the door does, and compares what it found with the standard library.
func readZipped(t *testing.T, all *bodies, fair *fairness, sent []byte, encoding string) {
	t.Helper()
	place, err := fair.admit(t.Context(), "feed")
	require.NoError(t, err)
	b, err := all.read(&http.Request{Header: http.Header{"Content-Encoding": {encoding}}, ContentLength: -1}, bytes.NewReader(sent), place)
	if err == nil {
		want, bad := unzippedByStandard(sent, all.limits.Body)
		require.NoError(t, bad, "the standard library does not unpack what the door took")
		require.True(t, bytes.Equal(bytes.TrimPrefix(want, []byte("\ufeff")), b.Bytes()))
		require.LessOrEqual(t, b.Len(), all.limits.Body)
		b.release()
	} else {
		var said *adoption.Error
		require.True(t, errors.As(err, &said) && said.Message != "", "%v", err)
	}
	place.leave()
	fair.mu.Lock()
	defer fair.mu.Unlock()
	require.Zero(t, fair.bytes, "what was refused or released counts no more")
}

// unzippedByStandard is what the standard library makes of a body, at most one byte more than limit.
func unzippedByStandard(sent []byte, limit int) ([]byte, error) {
	if !bytes.HasPrefix(sent, []byte("\x1f\x8b")) {
		return sent, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, int64(limit)+1))
}
