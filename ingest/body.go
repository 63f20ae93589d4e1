package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	kgzip "github.com/klauspost/compress/gzip"

	"uptake/adoption"
)

// bodies reads the bodies of requests into memory, each and all together within bounds. A body is held whole because
// an array whose end is broken must leave nothing behind, and this is known at its end only.
type bodies struct {
	limits  Limits
	buffers sync.Pool // *bytes.Buffer
	unzips  sync.Pool // *kgzip.Reader
}

func newBodies(limits Limits) *bodies {
	return &bodies{limits: limits, buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}}
}

// A body is what a client sent, decompressed. It must be released when nothing points into it any more.
type body struct {
	*bytes.Buffer
	owner *bodies
}

// keptBuffer is the largest buffer that is used again: one huge request must not hold its memory for ever.
const keptBuffer = 1 << 20

func (b *body) release() {
	if b.Cap() <= keptBuffer {
		b.Reset()
		b.owner.buffers.Put(b.Buffer)
	}
}

// read takes the body of r from where it is read: gzip where its Content-Encoding or its first bytes say so, whatever
// its Content-Type.
func (s *bodies) read(r *http.Request, from io.Reader, p *place) (*body, error) {
	for _, encoding := range strings.Split(r.Header.Get("Content-Encoding"), ",") {
		switch strings.ToLower(strings.TrimSpace(encoding)) {
		case "", "identity", "gzip", "x-gzip":
		default:
			return nil, &adoption.Error{Code: adoption.Unsupported, Message: "The body may be sent as it is or with gzip; this Content-Encoding is not understood."}
		}
	}
	if r.ContentLength > int64(s.limits.Body) {
		return nil, s.limits.tooLarge()
	}
	return s.readFrom(from, p)
}

// readFrom takes a body from r. Its bytes are counted with the place of its request until that is left.
func (s *bodies) readFrom(r io.Reader, p *place) (*body, error) {
	b := &body{Buffer: s.buffers.Get().(*bytes.Buffer), owner: s}
	if err := s.fill(b, r, p); err != nil {
		b.release()
		return nil, readError(err)
	}
	if text, found := bytes.CutPrefix(b.Bytes(), []byte("\ufeff")); found { // a byte order mark, from Windows
		b.Next(b.Len() - len(text))
	}
	return b, nil
}

// fill reads r to its end. The compressed bytes need no bound of their own: they are read only as far as the
// decompressed ones are, and gzip makes nothing longer than a few bytes a member from nothing.
func (s *bodies) fill(b *body, r io.Reader, p *place) error {
	compressed := bufio.NewReaderSize(io.LimitReader(r, int64(s.limits.Body)+1), 4<<10)
	head, err := compressed.Peek(2)
	if err != nil && err != io.EOF {
		return err
	}
	if string(head) != "\x1f\x8b" { // the magic number of gzip
		return s.copy(b, compressed, p)
	}
	unzip, _ := s.unzips.Get().(*kgzip.Reader)
	if unzip == nil {
		unzip = new(kgzip.Reader)
	}
	defer s.unzips.Put(unzip)
	if err := unzip.Reset(compressed); err != nil {
		return err
	}
	return s.copy(b, unzip, p)
}

// copy reads r into b step by step, so that only what has really come is counted as in flight.
func (s *bodies) copy(b *body, r io.Reader, p *place) error {
	const step = 32 << 10
	for {
		if b.Len() > s.limits.Body {
			return s.limits.tooLarge()
		}
		if err := p.grow(step); err != nil {
			return err
		}
		n, err := io.CopyN(b, r, step)
		if errors.Is(err, io.EOF) {
			if b.Len() > s.limits.Body {
				return s.limits.tooLarge()
			}
			return p.grow(n - step)
		}
		if err != nil {
			return err
		}
	}
}

// readError tells the client what was wrong with its body.
func readError(err error) error {
	var known *adoption.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &adoption.Error{Code: adoption.Unavailable, Message: "The body came too slowly and was given up. Nothing of this request was taken; send it again.", Err: err}
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return &adoption.Error{Code: adoption.InvalidParameter, Message: "The body starts like gzip but cannot be decompressed.", Err: err}
	default:
		return &adoption.Error{Code: adoption.InvalidParameter, Message: "The body broke off, or cannot be decompressed.", Err: err}
	}
}
