package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxLine is the largest event that the door takes (ingest.Limits).
const maxLine = 64 << 10

// lineReader reads an NDJSON file line by line and knows where it is. A gzip is told by its first bytes.
type lineReader struct {
	raw    *countingReader // position in the file, for the progress bar
	text   *bufio.Reader
	offset int64 // in the text, behind the last line read
	number int64 // of the last line read, from 1
	close  func() error
}

// countingReader knows how much was read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func openLines(file io.Reader, closeFile func() error) (*lineReader, error) {
	l := &lineReader{raw: &countingReader{r: file}, close: closeFile}
	packed := bufio.NewReaderSize(l.raw, 256<<10)
	l.text = packed
	head, err := packed.Peek(2)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if string(head) == "\x1f\x8b" { // the magic number of gzip
		unzip, err := gzip.NewReader(packed)
		if err != nil {
			return nil, fmt.Errorf("unpack the file: %w", err)
		}
		l.text = bufio.NewReaderSize(unzip, 256<<10)
	}
	return l, nil
}

// skip goes on behind the first n bytes of the text, which end with line number.
func (l *lineReader) skip(n, number int64) error {
	if _, err := io.CopyN(io.Discard, l.text, n); err != nil {
		return fmt.Errorf("go to where the last import ended: %w", err)
	}
	l.offset, l.number = n, number
	return nil
}

// next is the next line without its end. A line that is too long is cut, tooLong is true then. io.EOF after the last.
func (l *lineReader) next() (line []byte, tooLong bool, err error) {
	for {
		part, err := l.text.ReadSlice('\n')
		l.offset += int64(len(part))
		if len(line)+len(part) > maxLine+2 {
			tooLong = true
			part = part[:max(0, maxLine-len(line))]
		}
		line = append(line, part...)
		switch {
		case err == nil, err == io.EOF && len(line) > 0:
			l.number++
			return bytes.TrimRight(line, "\r\n"), tooLong, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF:
			return nil, false, io.EOF
		}
		return nil, false, fmt.Errorf("read line %d: %w", l.number+1, err)
	}
}

// batch is a request's worth of lines.
type batch struct {
	body    []byte
	numbers []int64 // of the lines in body: the answer counts from 0
	bad     []badLine
	end     int64 // offset of the text behind the batch
	last    int64 // number of its last line
}

// badLine is a line that was not taken, and why.
type badLine struct {
	number        int64
	field, reason string
}

const (
	batchLines = 5000
	batchBytes = 4 << 20
)

// nextBatch reads lines up to a batch's size. What cannot be an event is refused here already: within a request it
// would shift the count of the lines behind it. io.EOF when there is no further line.
func (l *lineReader) nextBatch() (*batch, error) {
	b := &batch{}
	for len(b.numbers) < batchLines && len(b.body) < batchBytes && len(b.bad) < batchLines {
		line, tooLong, err := l.next()
		if errors.Is(err, io.EOF) {
			if b.last == 0 {
				return nil, io.EOF
			}
			break
		}
		if err != nil {
			return nil, err
		}
		if l.number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff")) // a byte order mark, from Windows
		}
		b.end, b.last = l.offset, l.number
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
		case tooLong:
			b.bad = append(b.bad, badLine{l.number, "", fmt.Sprintf("The event is larger than %d bytes.", maxLine)})
		case !json.Valid(line):
			b.bad = append(b.bad, badLine{l.number, "", "The line is no valid JSON."})
		case line[0] != '{':
			b.bad = append(b.bad, badLine{l.number, "", "An event is a JSON object."})
		default:
			b.body = append(append(b.body, line...), '\n')
			b.numbers = append(b.numbers, l.number)
		}
	}
	return b, nil
}

// openFile opens a file to import, "-" for standard input. size is 0 where nobody knows it.
func (m *Main) openFile(name string) (r io.Reader, size int64, closeFile func() error, err error) {
	if name == "-" {
		return m.Stdin, 0, func() error { return nil }, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, 0, nil, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a directory", name)
	}
	if err != nil {
		return nil, 0, nil, errors.Join(err, file.Close())
	}
	if info.Mode().IsRegular() {
		size = info.Size()
	}
	return file, size, file.Close, nil
}
