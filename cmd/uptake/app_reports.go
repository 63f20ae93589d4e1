package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"uptake/adoption"
	"uptake/cmd/uptake/config"
	"uptake/dashboard"
	"uptake/dashboard/report/deliver"
)

const (
	reportHour  = 6                // of the day in the reporting time zone, when a report goes out
	reportLook  = 10 * time.Minute // how often it is looked whether one is due, and tried again
	reportsFile = "report-sent"    // in the data directory: the last week or month that was sent
)

// sendReports sends the report of each week or month once it is over. It is kept which one was sent, so a restart sends
// none twice and leaves none out; only a crash between sending and keeping may repeat one.
func (a *app) sendReports(ctx context.Context) error {
	for {
		if err := a.sendDueReport(ctx, time.Now()); err != nil && ctx.Err() == nil {
			a.log.Error("a report was not sent, it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(reportLook):
		}
	}
}

// sendDueReport sends the report of the last week or month, if that has not been done.
func (a *app) sendDueReport(ctx context.Context, now time.Time) error {
	from, to := lastPeriod(a.cfg.Reports.Every, now.In(a.cfg.Timezone), a.cfg.FiscalYear)
	file := filepath.Join(a.cfg.Data, reportsFile)
	sent, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist): // the first start with reports: nobody waits for one of the past
		return os.WriteFile(file, []byte(to.String()), 0o600)
	case err != nil:
		return fmt.Errorf("read which report was sent last: %w", err)
	case strings.TrimSpace(string(sent)) >= to.String():
		return nil
	}
	if err := a.sendReport(ctx, from, to); err != nil {
		return err
	}
	a.log.Info("a report was sent", "report", a.cfg.Reports.Name, "until", to)
	return os.WriteFile(file, []byte(to.String()), 0o600)
}

// lastPeriod is the last week, month or quarter that is over, and whose report may go out. year begins the fiscal year.
func lastPeriod(every string, now time.Time, year time.Month) (from, to adoption.Day) {
	today := adoption.DayOf(now.Add(-reportHour*time.Hour), now.Location())
	switch every {
	case "week":
		monday := today.Monday()
		return monday - 7, monday - 1
	case "quarter":
		first := today.FirstOfQuarter(year)
		return (first - 1).FirstOfQuarter(year), first - 1
	}
	first := today.FirstOfMonth()
	return (first - 1).FirstOfMonth(), first - 1
}

func (a *app) sendReport(ctx context.Context, from, to adoption.Day) error {
	c := a.cfg.Reports
	values := url.Values{"unit": {c.Unit}, "from": {from.String()}, "to": {to.String()}, "lang": {a.cfg.Language}}
	var pdf bytes.Buffer
	if err := dashboard.WriteReport(ctx, a.shown, a.log, c.Name, values, &pdf, nil); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return receivers(c).Send(ctx, deliver.Report{File: fmt.Sprintf("uptake-%s-%s.pdf", c.Name, to), PDF: pdf.Bytes(),
		Subject: fmt.Sprintf("Uptake %s, %s – %s", c.Name, from, to), Text: fmt.Sprintf("%s – %s\n%s\n", from, to, a.cfg.PublicURL)})
}

func receivers(c config.Reports) deliver.Receivers {
	return deliver.Receivers{SMTP: c.SMTP, From: c.From, Mail: c.To, Webhook: c.Webhook}
}
