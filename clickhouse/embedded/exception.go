package embedded

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
)

// exception is the engine's error as it words it: "Code: 60. DB::Exception: … (UNKNOWN_TABLE)".
type exception struct {
	code int
	text string
}

func (e *exception) Error() string { return e.text }

var (
	exceptionCode = regexp.MustCompile(`Code: (\d+)\. `)
	// nested finds the prefix that the engine repeats each time it passes an error on.
	nested = regexp.MustCompile(`^(?:Code: (\d+)\. DB::Exception: )+(Code: \d+\. DB::Exception: )`)
)

// codeUnknown is ClickHouse's UNKNOWN_EXCEPTION, for messages that carry no code.
const codeUnknown = 1002

func parseException(text string) *exception {
	text = nested.ReplaceAllString(text, "$2")
	match := exceptionCode.FindStringSubmatch(text)
	if match == nil {
		return &exception{codeUnknown, fmt.Sprintf("Code: %d. DB::Exception: %s", codeUnknown, text)}
	}
	code, err := strconv.Atoi(match[1])
	if err != nil || code <= 0 {
		code = codeUnknown
	}
	return &exception{code, text}
}

// response is the answer a ClickHouse server gives when a statement fails before
// its first row; the driver turns it into *clickhouse.Exception.
func (e *exception) response(req *http.Request) *http.Response {
	header := http.Header{}
	header.Set("X-ClickHouse-Exception-Code", strconv.Itoa(e.code))
	header.Set("Content-Type", "text/plain; charset=UTF-8")
	return &http.Response{
		Status: "500 Internal Server Error", StatusCode: http.StatusInternalServerError,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: int64(len(e.text)), Request: req,
		Body: io.NopCloser(bytes.NewReader([]byte(e.text))),
	}
}

// exceptionTag marks in-band exceptions. On a server it is random, so that data
// cannot pretend to be one; see [exception.inBand].
const exceptionTag = "uptake-embedded0" // 16 bytes, as the protocol wants

// inBand is how a server reports a failure after the first row has left: a block
// that is no data, which the driver finds because decoding fails at it. The four
// bytes in front (one column, one row, no name, no type) make it fail right there:
// the driver keeps what it reads after the failure twice, and only a text that is
// whole in both copies comes out whole.
func (e *exception) inBand() []byte {
	const marker, unreadable = "__exception__", "\x01\x01\x00\x00"
	return fmt.Appendf(nil, "%s\r\n%s\r\n%s\r\n%s\n%d %s\r\n%s\r\n",
		unreadable, marker, exceptionTag, e.text, len(e.text)+1, exceptionTag, marker)
}
