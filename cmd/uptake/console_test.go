package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBarStaysBelowTheLog(t *testing.T) {
	var out bytes.Buffer
	c := &console{w: &out, terminal: true}
	p := c.progress("Importing", "bytes")
	p.set(1<<20, 4<<20)
	require.Contains(t, out.String(), "Importing  ██████░░░░░░░░░░░░░░░░░░  25 %, 1.0 MiB of 4.0 MiB")
	c.note("a line")
	lines := strings.Split(out.String(), "\n")
	require.True(t, strings.HasSuffix(lines[0], "\r\033[Ka line"), "%q", lines[0])
	require.Contains(t, lines[1], "25 %")
	p.end("Done.")
	require.True(t, strings.HasSuffix(out.String(), "\r\033[KDone.\n"))
}

func TestProgressInALogIsAFewLines(t *testing.T) {
	var out bytes.Buffer
	c := &console{w: &out}
	p := c.progress("Computing", "days")
	for i := range int64(1000) {
		p.set(i, 1000)
	}
	require.Empty(t, out.String(), "what is done in a moment needs no line")
	p.last = time.Now().Add(-3 * time.Second)
	p.set(500, 1000)
	p.set(501, 1000)
	require.Equal(t, "Computing: 50 %, 500 of 1,000 days\n", out.String())

	out.Reset()
	p.start, p.last = time.Now().Add(-30*time.Second), time.Now().Add(-11*time.Second)
	p.set(510, 1000) // thirty seconds for 51 of 100: 28.8 for the rest
	require.Equal(t, "Computing: 51 %, 510 of 1,000 days, 29s left\n", out.String(), "where it is slow a line comes every ten seconds")
	out.Reset()
	p.last = time.Now().Add(-11 * time.Second)
	p.set(7, 0)
	require.Equal(t, "Computing, 7 days\n", out.String(), "nobody knows of how many")
}

func TestNumbersForPeople(t *testing.T) {
	require.Equal(t, "1,234,567", thousands(1234567))
	require.Equal(t, "123", thousands(123))
	require.Equal(t, "-1,000", thousands(-1000))
	require.Equal(t, "-100", thousands(-100))
	require.Equal(t, "1 line", plural(1, "line"))
	require.Equal(t, "2,000 lines", plural(2000, "line"))
	require.Equal(t, "512 B", bytesText(512))
	require.Equal(t, "1.5 GiB", bytesText(3<<29))
}
