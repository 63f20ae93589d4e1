package dashboard

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"uptake/query"
)

// traffic counts what the web server does, by route and never by address: an address may name a unit.
type traffic struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newTraffic(registry prometheus.Registerer) (*traffic, error) {
	t := &traffic{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "uptake_http_requests_total",
			Help: "Requests to the dashboard and its API, by route, method and status."}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "uptake_http_request_duration_seconds",
			Help: "How long answers of the dashboard and its API took, by route.", Buckets: []float64{.005, .01, .025, .05, .1, .15, .25, .5, 1, 2.5, 5, 10}}, []string{"route"}),
	}
	for _, collector := range []prometheus.Collector{t.requests, t.seconds} {
		if err := registry.Register(collector); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *traffic) observe(route, method string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		method = "other" // clients may invent methods: they must not invent series
	}
	t.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	t.seconds.WithLabelValues(route).Observe(took.Seconds())
}

const (
	gaugesFresh    = 15 * time.Second // how long an answer is good for: scrapes are cheap, questions are not
	gaugesDeadline = 5 * time.Second  // under Prometheus's own usual 10 s
)

// figures publishes the adoption figures of the last closed day, as they pass the gate.
type figures struct {
	company func() *query.Company
	now     func() time.Time
	log     *slog.Logger

	rate, active, enabled, people, notEnabled, stickiness, score, actions *prometheus.Desc
	hidden, leftOut, day, demo, failed                                    *prometheus.Desc

	mu   sync.Mutex
	of   *query.Company // whose answer it is: the demo's figures must never pass for the company's
	last *query.GaugesAnswer
	at   time.Time // when it was asked for, successful or not
	err  error
}

func newFigures(cfg Config) *figures {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("uptake_"+name, help, labels, nil)
	}
	const unit, tool = "unit", "tool"
	return &figures{company: cfg.Company, now: cfg.Now, log: cfg.Log,
		rate:       desc("adoption_rate", "People with access who were active in the 28 days that end with the last closed day, of all with access, 0 to 1.", unit, tool),
		active:     desc("active_people", "People with access who were active in the window of that many days.", unit, tool, "window_days"),
		enabled:    desc("enabled_people", "People who have access to the tool.", unit, tool),
		people:     desc("headcount_people", "People of the unit.", unit),
		notEnabled: desc("active_not_enabled_people", "People of the unit who were active in 28 days without access to the tool.", unit, tool),
		stickiness: desc("stickiness_ratio", "Mean share of the active people who were active on a day, 0 to 1.", unit, tool),
		score:      desc("engagement_score", "Mean engagement score of the people with access, 0 to 100.", unit, tool),
		actions:    desc("window_actions", "Actions in the 28 days that end with the last closed day.", unit, tool),
		hidden:     desc("figures_hidden", "Pairs of unit and tool that are held back because the group is too small."),
		leftOut:    desc("figures_left_out", "Pairs of unit and tool beyond the bound of this endpoint, smallest units first."),
		day:        desc("figures_day_timestamp_seconds", "Start, in UTC, of the day that the figures are of."),
		demo:       desc("figures_demo", "1 while the figures are those of the demo company."),
		failed:     desc("figures_scrape_error", "1 when the figures could not be asked for; those shown are then the last good ones."),
	}
}

// Describe names the metrics.
func (f *figures) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{f.rate, f.active, f.enabled, f.people, f.notEnabled, f.stickiness, f.score, f.actions, f.hidden, f.leftOut, f.day, f.demo, f.failed} {
		ch <- d
	}
}

// Collect publishes the newest figures, or the last good ones and the error mark.
func (f *figures) Collect(ch chan<- prometheus.Metric) {
	company, answer, err := f.answer()
	gauge := func(desc *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, labels...)
	}
	gauge(f.failed, yes(err != nil))
	gauge(f.demo, yes(company.Demo != ""))
	if answer == nil {
		return
	}
	gauge(f.hidden, float64(answer.Hidden))
	gauge(f.leftOut, float64(answer.LeftOut))
	if answer.Date != nil {
		gauge(f.day, float64(answer.Date.Time().Unix()))
	}
	counted := map[string]bool{}
	for i := range answer.Rows {
		f.row(gauge, &answer.Rows[i], counted)
	}
}

func (f *figures) row(gauge func(*prometheus.Desc, float64, ...string), r *query.AdoptionRow, counted map[string]bool) {
	if !counted[r.Unit] {
		counted[r.Unit] = true
		gauge(f.people, float64(r.Headcount), r.Unit)
	}
	gauge(f.enabled, float64(r.Enabled), r.Unit, r.Tool)
	for _, w := range []struct {
		n    *uint64
		days string
	}{{r.Active1, "1"}, {r.Active7, "7"}, {r.Active28, "28"}} {
		if w.n != nil {
			gauge(f.active, float64(*w.n), r.Unit, r.Tool, w.days)
		}
	}
	for _, w := range []struct {
		v    *float64
		desc *prometheus.Desc
	}{{r.AdoptionRate, f.rate}, {r.Stickiness, f.stickiness}, {r.EngagementScore, f.score}} {
		if w.v != nil {
			gauge(w.desc, *w.v, r.Unit, r.Tool)
		}
	}
	if r.ActiveNotEnabled != nil {
		gauge(f.notEnabled, float64(*r.ActiveNotEnabled), r.Unit, r.Tool)
	}
	if r.Actions != nil {
		gauge(f.actions, float64(*r.Actions), r.Unit, r.Tool)
	}
}

// answer is the cached answer, asked for again when it has grown old. Scrapes at the same moment share one question.
func (f *figures) answer() (*query.Company, *query.GaugesAnswer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	company, now := f.company(), f.now()
	if company != f.of {
		f.of, f.last, f.at, f.err = company, nil, time.Time{}, nil
	}
	if !f.at.IsZero() && now.Sub(f.at) < gaugesFresh && now.Sub(f.at) >= 0 {
		return company, f.last, f.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), gaugesDeadline)
	defer cancel()
	answer, err := company.Gauges(ctx)
	f.at, f.err = now, err
	if err != nil {
		f.log.Error("the figures for /metrics could not be had", "error", err)
		return company, f.last, err
	}
	f.last = answer
	return company, answer, nil
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// newMetrics registers the figures and returns what serves all metrics of the registry.
func (d *Dashboard) newMetrics() (http.Handler, error) {
	if err := d.cfg.Registry.Register(newFigures(d.cfg)); err != nil {
		return nil, err
	}
	if err := d.cfg.Registry.Register(newSelfCheckMetrics(d.cfg.Company)); err != nil {
		return nil, err
	}
	return promhttp.HandlerFor(d.cfg.Registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(d.cfg.Log.Handler(), slog.LevelError),
		ErrorHandling: promhttp.ContinueOnError, DisableCompression: true, MaxRequestsInFlight: 8}), nil
}
