package ingest

import (
	"bytes"
	"math"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// parseTime reads RFC 3339 with a zone (lower case t and z, and a space in place of T, as the standard lets them pass)
// or a date. reason is empty if it could.
func parseTime(text []byte) (t time.Time, dateOnly bool, reason string) {
	text = bytes.TrimSpace(text)
	if len(text) == len(time.DateOnly) {
		t, err := time.Parse(time.DateOnly, string(text))
		if err != nil {
			return t, false, timeUnreadable
		}
		return t, true, ""
	}
	var fixed [40]byte
	if len(text) < len("2006-01-02T15:04:05") || len(text) > len(fixed) {
		return t, false, timeUnreadable
	}
	n := copy(fixed[:], text)
	if fixed[10] == ' ' || fixed[10] == 't' {
		fixed[10] = 'T'
	}
	if fixed[n-1] == 'z' {
		fixed[n-1] = 'Z'
	}
	if err := t.UnmarshalText(fixed[:n]); err != nil {
		if _, err := time.Parse("2006-01-02T15:04:05", string(fixed[:n])); err == nil {
			return t, false, timeNoZone
		}
		return t, false, timeUnreadable
	}
	return t.UTC(), false, ""
}

// parseWhole reads a JSON number that is whole and not negative, in whatever form: 3, 3.0, 3e2. What is larger than
// a uint64 holds comes back as the largest one.
func parseWhole(number []byte) (n uint64, ok bool) {
	if n, err := strconv.ParseUint(string(number), 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(string(number), 64)
	if err != nil && !math.IsInf(f, 1) || f < 0 || f != math.Trunc(f) {
		return 0, false
	}
	if f >= math.MaxUint64 {
		return math.MaxUint64, true
	}
	return uint64(f), true
}

// lower is text in lower case; most already is, and costs no copy then.
func lower(text []byte) []byte {
	for _, b := range text {
		if 'A' <= b && b <= 'Z' || b >= utf8.RuneSelf {
			return bytes.ToLower(text)
		}
	}
	return text
}

// printableText tells whether b is valid UTF-8 that shows as text.
func printableText[T []byte | string](b T) bool {
	for _, r := range string(b) {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
