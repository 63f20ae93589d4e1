package deliver

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// office is a mail server that keeps what it gets.
type office struct {
	to      []string
	letters []string
	refuse  bool
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return o, nil }
func (o *office) Mail(string, *smtp.MailOptions) error        { return nil }
func (o *office) Reset()                                      {}
func (o *office) Logout() error                               { return nil }
func (o *office) Rcpt(to string, _ *smtp.RcptOptions) error {
	if o.refuse {
		return &smtp.SMTPError{Code: 550, Message: "no such user " + to}
	}
	o.to = append(o.to, to)
	return nil
}

func (o *office) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	o.letters = append(o.letters, string(text))
	return err
}

// opened starts the mail server, and is its address.
func (o *office) opened(t *testing.T) *url.URL {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := smtp.NewServer(o)
	server.Domain = "localhost"
	go server.Serve(listener) //nolint:errcheck // ends when it is closed
	t.Cleanup(func() { server.Close() })
	return &url.URL{Scheme: "smtp", Host: listener.Addr().String()}
}

var report = Report{File: "uptake-board-pack.pdf", Subject: "Uptake: board pack", Text: "Attached.", PDF: bytes.Repeat([]byte("%PDF-1.7 "), 20)}

func TestAReportComesByMail(t *testing.T) {
	o := &office{}
	r := Receivers{SMTP: o.opened(t), From: "uptake@example.org", Mail: []string{"one@example.org", "two@example.org"}}
	require.NoError(t, r.Send(t.Context(), report))
	assert.Subset(t, o.to, r.Mail)
	require.Len(t, o.letters, 1)
	letter := o.letters[0]
	assert.Contains(t, letter, "Subject: Uptake: board pack")
	assert.Contains(t, letter, `filename="uptake-board-pack.pdf"`)
	assert.NotContains(t, letter, "one@example.org", "nobody learns who else reads it")
	assert.Contains(t, strings.ReplaceAll(letter, "\r\n", ""), base64.StdEncoding.EncodeToString(report.PDF))
}

func TestARefusalNamesNoAddress(t *testing.T) {
	o := &office{refuse: true}
	r := Receivers{SMTP: o.opened(t), From: "uptake@example.org", Mail: []string{"one@example.org"}}
	err := r.Send(t.Context(), report)
	require.ErrorContains(t, err, "(it answered 550)")
	assert.NotContains(t, err.Error(), "@")
	r.Mail = []string{"no address"}
	require.ErrorContains(t, r.Send(t.Context(), report), "report_to")
	r.SMTP, r.Mail = &url.URL{Scheme: "smtp", Host: "127.0.0.1:1"}, o.to
	r.Mail = []string{"one@example.org"}
	require.Error(t, r.Send(t.Context(), report), "nobody there")
}

func TestAReportComesToAWebAddress(t *testing.T) {
	status := http.StatusNoContent
	var got []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.ReadAll(r.Body)
		assert.Equal(t, "application/pdf", r.Header.Get("Content-Type"))
		assert.Equal(t, `attachment; filename="uptake-board-pack.pdf"`, r.Header.Get("Content-Disposition"))
		w.WriteHeader(status)
	}))
	r := Receivers{Webhook: server.URL + "/secret-part"}
	require.NoError(t, r.Send(t.Context(), report))
	assert.Equal(t, report.PDF, got)
	status = http.StatusInternalServerError
	require.ErrorContains(t, r.Send(t.Context(), report), "report_webhook answered 500")
	server.Close()
	err := r.Send(context.Background(), report)
	require.ErrorContains(t, err, "reach report_webhook")
	assert.NotContains(t, err.Error(), "secret-part")
}
