package ingest

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"uptake/adoption"
)

// MaxDirectoryBytes is how long one directory file may be, unpacked. A longer one can be sent in parts.
const MaxDirectoryBytes = 64 << 20

// readDirectoryFile is the whole text of a file or body, unpacked if it begins like a gzip. It is held as a whole,
// because a strict import must know the last line before it stores the first.
func readDirectoryFile(r io.Reader) (string, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	head, err := buffered.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", brokenFile(err)
	}
	source := io.Reader(buffered)
	if string(head) == "\x1f\x8b" {
		if source, err = gzip.NewReader(buffered); err != nil {
			return "", brokenFile(err)
		}
	}
	var text strings.Builder
	n, err := io.Copy(&text, io.LimitReader(source, MaxDirectoryBytes+1))
	if n > MaxDirectoryBytes {
		return "", &adoption.Error{Code: adoption.TooLarge, Message: fmt.Sprintf(
			"The file is longer than %d MiB. Send it in parts, each with the header; nothing was imported.", MaxDirectoryBytes>>20)}
	}
	if err != nil {
		return "", brokenFile(err)
	}
	return text.String(), nil
}

func brokenFile(err error) error {
	return &adoption.Error{Code: adoption.InvalidParameter, Message: "The file broke off or cannot be unpacked; nothing was imported.", Err: err}
}
