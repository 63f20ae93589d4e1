package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Reports is who gets a report regularly. Every "" is nobody.
type Reports struct {
	Every   string   // "week", "month" or "quarter"
	Name    string   // of the report
	Unit    string   // that it is about; "" for the company
	To      []string // addresses of mail. Never logged
	From    string
	SMTP    *url.URL // of the mail server. A secret: it may hold a password
	Webhook string   // that gets the PDF by POST. A secret: its path may be one
}

// reportSettings are the settings of Reports.
var reportSettings = []Setting{
	{Key: "report_every", Doc: "how often a report is sent: week (on Mondays), month (on the first) or quarter (of the fiscal year), from six in the morning; empty: never",
		set: func(c *Config, text string) error {
			c.Reports.Every = text
			return oneOf(text, "week", "month", "quarter")
		}},
	{Key: "report", Default: "board-pack", Doc: "which one is sent: board-pack or campaigns",
		set: func(c *Config, text string) error {
			c.Reports.Name = text
			return oneOf(text, "board-pack", "campaigns")
		}},
	{Key: "report_unit", Doc: "id of the unit that it is about; empty: the company",
		set: func(c *Config, text string) error { c.Reports.Unit = text; return nil }},
	{Key: "report_to", Private: true, Doc: "addresses of mail that it is sent to, separated by commas",
		set: func(c *Config, text string) error {
			c.Reports.To = splitList(text)
			if slices.ContainsFunc(c.Reports.To, func(a string) bool { return strings.Count(a, "@") != 1 }) {
				return errors.New("these are no addresses of mail, separated by commas")
			}
			return nil
		}},
	{Key: "report_from", Private: true, Doc: "address of mail that it comes from",
		set: func(c *Config, text string) error {
			c.Reports.From = text
			if strings.Count(text, "@") != 1 {
				return errors.New("this is no address of mail")
			}
			return nil
		}},
	{Key: "smtp_url", Secret: true, Doc: "smtp:// or smtps:// address of the mail server, with name and password where it asks for them",
		set: func(c *Config, text string) error {
			u, err := url.Parse(text)
			if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
				return errors.New("an address of a mail server is written like smtps://name:password@mail.example.com")
			}
			c.Reports.SMTP = u
			return nil
		}},
	{Key: "report_webhook", Secret: true, Doc: "http:// or https:// address that gets the PDF by POST",
		set: func(c *Config, text string) error {
			u, err := url.Parse(text)
			if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
				return errors.New("an address to send to is written like https://example.com/hook")
			}
			c.Reports.Webhook = text
			return nil
		}},
}

func oneOf(text string, allowed ...string) error {
	if !slices.Contains(allowed, text) {
		return fmt.Errorf("%q is not known: write %s", text, strings.Join(allowed, " or "))
	}
	return nil
}

// missing says what a regular report lacks.
func (r Reports) missing() (mistakes Errors) {
	switch {
	case r.Every == "" && (len(r.To) > 0 || r.Webhook != ""):
		return Errors{"report_every is missing: say week, month or quarter, or nothing is sent"}
	case r.Every == "":
		return nil
	case len(r.To) == 0 && r.Webhook == "":
		return Errors{"report_every is set, but neither report_to nor report_webhook says where the report goes"}
	}
	if len(r.To) > 0 && r.SMTP == nil {
		mistakes = append(mistakes, "report_to needs smtp_url, the address of a mail server")
	}
	if len(r.To) > 0 && r.From == "" {
		mistakes = append(mistakes, "report_to needs report_from, the address that the mail comes from")
	}
	return mistakes
}
