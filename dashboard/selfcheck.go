package dashboard

import (
	"context"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"uptake/adoption"
	"uptake/query"
)

// checkedView says whether the figures agree with each other and with the facts.
type checkedView struct {
	Text     string
	Failures []string
	More     string // how many failures are not listed
}

// checkedListed is how many failures the page names; the API has more.
const checkedListed = 20

// checkedWords say what each kind of check has found.
var checkedWords = map[string]string{
	"facts": "trust.checked_facts", "total": "trust.checked_total", "within": "trust.checked_within", "week": "trust.checked_week", "parent": "trust.checked_parent",
}

func (d *reader) checkedView(check *query.SelfCheck, name func(tool string) string, zone *time.Location) *checkedView {
	if check.Ended == nil {
		return &checkedView{Text: d.words.text("trust.checked_never")}
	}
	at := d.clock(*check.Ended, zone)
	if check.FailuresTotal == 0 {
		return &checkedView{Text: d.words.text("trust.checked_passed", "time", at, "n", count(d.locale, check.Checks))}
	}
	v := &checkedView{Text: d.words.text("trust.checked_failed", "time", at, "checks", count(d.locale, check.Checks), "n", check.FailuresTotal)}
	for _, f := range check.Failures[:min(len(check.Failures), checkedListed)] {
		tool := name(f.Tool)
		if f.Tool == adoption.AllTools {
			tool = d.words.text("filter.all_tools")
		}
		v.Failures = append(v.Failures, d.words.text(checkedWords[f.Check], "figure", strings.ReplaceAll(f.Figure, "_", " "), "unit", f.Unit, "tool", tool, "day", d.date(f.Date)))
	}
	if more := check.FailuresTotal - uint64(len(v.Failures)); more > 0 {
		v.More = d.words.text("trust.checked_more", "n", more)
	}
	return v
}

// selfCheckMetrics publishes what the last self-check of the company shown has found.
type selfCheckMetrics struct {
	company                             func() *query.Company
	lastSuccess, lastRun, checks, fails *prometheus.Desc
}

func newSelfCheckMetrics(company func() *query.Company) *selfCheckMetrics {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("uptake_selfcheck_"+name, help, nil, nil)
	}
	return &selfCheckMetrics{company: company,
		lastSuccess: desc("last_success_timestamp_seconds", "When the last self-check ended in which every figure was right; 0 before the first."),
		lastRun:     desc("last_run_timestamp_seconds", "When the last self-check ended; 0 before the first."),
		checks:      desc("checks", "Figures that the last self-check held against each other and against the facts."),
		fails:       desc("failures", "Figures that were not what they should be in the last self-check."),
	}
}

// Describe names the metrics.
func (m *selfCheckMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.lastSuccess, m.lastRun, m.checks, m.fails} {
		ch <- d
	}
}

// selfCheckReadWithin bounds the one time that the last result is read after a start.
const selfCheckReadWithin = 5 * time.Second

// Collect publishes the last result.
func (m *selfCheckMetrics) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), selfCheckReadWithin)
	defer cancel()
	last, err := m.company().LastSelfCheck(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(m.lastRun, err)
		return
	}
	for desc, v := range map[*prometheus.Desc]float64{
		m.lastSuccess: seconds(last.LastSuccess), m.lastRun: seconds(last.Ended), m.checks: float64(last.Checks), m.fails: float64(last.FailuresTotal),
	} {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v)
	}
}

// seconds since 1970; 0 for never.
func seconds(t *time.Time) float64 {
	if t == nil {
		return 0
	}
	return float64(t.Unix())
}
