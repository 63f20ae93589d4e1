// Package deliver sends reports to who wants them regularly: by mail, or to a web address. No error names an address of a
// person or a password.
package deliver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// Report is a file to be sent, and what is said with it.
type Report struct {
	File    string // its name
	Subject string
	Text    string // of the mail
	PDF     []byte
}

// Receivers are who gets a report. Either or both.
type Receivers struct {
	SMTP *url.URL // smtp:// (with STARTTLS where the server offers it) or smtps://, with user and password where it asks for them
	From string
	Mail []string

	Webhook string // gets the PDF by POST
}

// deliveryTime bounds the sending of one report to one kind of receiver.
const deliveryTime = time.Minute

// Send sends a report to all receivers. Some may have it though there is an error.
func (r Receivers) Send(ctx context.Context, report Report) error {
	var errs []error
	if len(r.Mail) > 0 {
		errs = append(errs, r.mail(ctx, report))
	}
	if r.Webhook != "" {
		errs = append(errs, r.post(ctx, report))
	}
	return errors.Join(errs...)
}

// mail sends one mail that everybody gets as a blind copy: nobody learns who else reads it.
func (r Receivers) mail(ctx context.Context, report Report) error {
	message := mail.NewMsg()
	err := errors.Join(message.From(r.From), message.To(r.From), message.Bcc(r.Mail...), message.AttachReader(report.File, bytes.NewReader(report.PDF), mail.WithFileContentType("application/pdf")))
	if err != nil {
		return errors.New("a mail could not be written: report_from or report_to holds what is no address")
	}
	message.Subject(report.Subject)
	message.SetBodyString(mail.TypeTextPlain, report.Text)
	options := []mail.Option{mail.WithTimeout(deliveryTime), mail.WithTLSPolicy(mail.TLSOpportunistic)}
	if r.SMTP.Scheme == "smtps" {
		options = append(options, mail.WithSSL())
	}
	if port, err := strconv.Atoi(r.SMTP.Port()); err == nil {
		options = append(options, mail.WithPort(port))
	}
	if user := r.SMTP.User; user != nil {
		password, _ := user.Password()
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(user.Username()), mail.WithPassword(password))
	}
	client, err := mail.NewClient(r.SMTP.Hostname(), options...)
	if err != nil {
		return fmt.Errorf("reach the mail server %s: %w", r.SMTP.Host, err)
	}
	if err := client.DialAndSendWithContext(ctx, message); err != nil {
		return fmt.Errorf("the mail server %s did not take the report%s", r.SMTP.Host, step(err))
	}
	return nil
}

// step is what a mail server had to say, without the addresses that its words may repeat.
func step(err error) string {
	var sending *mail.SendError
	switch {
	case errors.As(err, &sending) && sending.ErrorCode() != 0:
		return fmt.Sprintf(" (it answered %d)", sending.ErrorCode())
	case errors.Is(err, context.DeadlineExceeded):
		return " in time"
	}
	return ""
}

// post sends the PDF to a web address.
func (r Receivers) post(ctx context.Context, report Report) error {
	ctx, cancel := context.WithTimeout(ctx, deliveryTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Webhook, bytes.NewReader(report.PDF))
	if err != nil {
		return errors.New("report_webhook is no address")
	}
	request.Header.Set("Content-Type", "application/pdf")
	request.Header.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", report.File))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the address may hold a secret
		}
		return fmt.Errorf("reach report_webhook: %w", err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16)) // so that the connection can be used again
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("report_webhook answered %d", response.StatusCode)
	}
	return nil
}
