package ingest

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts what happens at the door. No label ever holds anything about a person: sources are named by their
// tokens, fields are those of the event's form. A nil *Metrics counts nothing.
type Metrics struct {
	requests     *prometheus.CounterVec
	seconds      prometheus.Histogram
	accepted     *prometheus.CounterVec
	rejected     *prometheus.CounterVec
	ignored      *prometheus.CounterVec
	throttled    *prometheus.CounterVec
	loads        prometheus.Histogram
	rows         prometheus.Counter
	loadFailures prometheus.Counter
	dead         prometheus.Counter
}

// NewMetrics registers the door's metrics. It panics if they are registered already, as MustRegister does.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "uptake_ingest_requests_total", Help: "Requests that bring events, by path and status."}, []string{"path", "status"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "uptake_ingest_request_duration_seconds", Help: "Time from the first byte of a request that brings events to its answer, the fsync included.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}),
		accepted: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "uptake_ingest_events_accepted_total", Help: "Events accepted and durable, repeats included, by source."}, []string{"source"}),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "uptake_ingest_events_rejected_total", Help: "Events rejected, by source and by the field at fault."}, []string{"source", "field"}),
		ignored: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "uptake_ingest_events_ignored_total", Help: "Events that were neither accepted nor rejected, by source and by reason: its mapping leaves them out, or it may not change the directory."}, []string{"source", "reason"}),
		throttled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "uptake_ingest_throttled_total", Help: "Requests answered with 429 because their source was above its rate or its share of the door while others wanted in, by source."}, []string{"source"}),
		loads: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "uptake_load_duration_seconds", Help: "Time to write what was taken from the spool into ClickHouse, repeats after failures included.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}}),
		rows: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "uptake_load_rows_total", Help: "Rows of events written into ClickHouse."}),
		loadFailures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "uptake_load_failures_total", Help: "Attempts to write into ClickHouse that failed and are repeated."}),
		dead: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "uptake_load_dead_letters_total", Help: "Messages and events put with the dead letters since the start."}),
	}
	registry.MustRegister(m.requests, m.seconds, m.accepted, m.rejected, m.ignored, m.throttled, m.loads, m.rows, m.loadFailures, m.dead)
	for _, status := range []int{202, 400, 401, 413, 429, 503} { // there from the start, so that a rate over the first one is right
		m.requests.WithLabelValues("/v1/events", strconv.Itoa(status))
	}
	return m
}

// WatchSpool adds what the spool holds, asked at each scrape.
func (m *Metrics) WatchSpool(registry prometheus.Registerer, spool *Spool) {
	registry.MustRegister(spoolCollector{spool})
}

// answered counts a request to one of the door's own paths, never to what a client made up.
func (m *Metrics) answered(path string, status int, took time.Duration) {
	if m != nil {
		m.requests.WithLabelValues(path, strconv.Itoa(status)).Inc()
		m.seconds.Observe(took.Seconds())
	}
}

// received counts what became of a body.
func (m *Metrics) received(source string, w *worker) {
	if m == nil {
		return
	}
	m.accepted.WithLabelValues(source).Add(float64(w.accepted))
	for _, r := range w.rejected {
		m.rejected.WithLabelValues(source, label(r.wrong)).Inc()
	}
	for reason, n := range w.ignored {
		m.ignored.WithLabelValues(source, reason).Add(float64(n))
	}
}

func (m *Metrics) throttle(source string) {
	if m != nil {
		m.throttled.WithLabelValues(source).Inc()
	}
}

func (m *Metrics) loadedRows(rows int, took time.Duration) {
	if m != nil {
		m.loads.Observe(took.Seconds())
		m.rows.Add(float64(rows))
	}
}

func (m *Metrics) loadFailed() {
	if m != nil {
		m.loadFailures.Inc()
	}
}

func (m *Metrics) buried() {
	if m != nil {
		m.dead.Inc()
	}
}

var (
	spoolMessages = prometheus.NewDesc("uptake_spool_messages", "Messages in the spool that are not loaded yet.", nil, nil)
	spoolBytes    = prometheus.NewDesc("uptake_spool_bytes", "Bytes of the messages in the spool.", nil, nil)
	spoolOldest   = prometheus.NewDesc("uptake_spool_oldest_seconds", "Age of the oldest message in the spool; 0 where there is none.", nil, nil)
	deadLetters   = prometheus.NewDesc("uptake_dead_letters", "Dead letters that are kept.", nil, nil)
)

// spoolCollector asks the spool when it is scraped.
type spoolCollector struct{ spool *Spool }

func (c spoolCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{spoolMessages, spoolBytes, spoolOldest, deadLetters} {
		to <- d
	}
}

func (c spoolCollector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	state, err := c.spool.State(ctx)
	if err != nil { // the spool is closing, or hangs: a missing gauge says so, a failed scrape would hide all others
		return
	}
	age := 0.0
	if !state.Oldest.IsZero() {
		age = max(time.Since(state.Oldest).Seconds(), 0)
	}
	to <- prometheus.MustNewConstMetric(spoolMessages, prometheus.GaugeValue, float64(state.Messages))
	to <- prometheus.MustNewConstMetric(spoolBytes, prometheus.GaugeValue, float64(state.Bytes))
	to <- prometheus.MustNewConstMetric(spoolOldest, prometheus.GaugeValue, age)
	to <- prometheus.MustNewConstMetric(deadLetters, prometheus.GaugeValue, float64(state.Dead))
}
