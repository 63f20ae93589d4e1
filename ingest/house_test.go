package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/ingest/refresh"
	"uptake/migrations"
)

// factLog notes what the loader touches. The figures are the business of package refresh.
type factLog struct {
	mu    sync.Mutex
	spans []refresh.Span
	fail  error
}

func (l *factLog) Touch(_ context.Context, spans ...refresh.Span) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return l.fail
	}
	l.spans = append(l.spans, spans...)
	return nil
}

func (l *factLog) Exclusive() func() { return func() {} }

func (l *factLog) days() map[adoption.Day]bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	days := map[adoption.Day]bool{}
	for _, s := range l.spans {
		for d := s.From; d <= s.To; d++ {
			days[d] = true
		}
	}
	return days
}

// openTestSpool opens a spool that is closed with the test.
func openTestSpool(t testing.TB, cfg SpoolConfig) *Spool {
	t.Helper()
	if cfg.Dir == "" {
		cfg.Dir = t.TempDir()
	}
	s, err := OpenSpool(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// testDB is a migrated database of its own on the real engine.
func testDB(t testing.TB) driver.Conn {
	t.Helper()
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(t.Context(), db))
	return db
}

// rig is the whole door on a directory: as cmd wires it.
type rig struct {
	t       testing.TB
	spool   *Spool
	tokens  *Tokens
	batcher *Batcher
	rejects *Rejects
	loader  *Loader
	door    *Door
	server  *httptest.Server
	token   string
	closed  bool
}

// rigConfig says what differs from the usual.
type rigConfig struct {
	spool   SpoolConfig
	loader  LoaderConfig // without DB: nothing is loaded
	limits  Limits
	rules   Rules
	now     func() time.Time // of the clock
	metrics *Metrics
}

func openRig(t testing.TB, cfg rigConfig) *rig {
	t.Helper()
	ctx := t.Context()
	if cfg.spool.Dir == "" {
		cfg.spool.Dir = t.TempDir()
	}
	cfg.spool.Log = slog.New(slog.DiscardHandler)
	r := &rig{t: t}
	var err error
	r.spool, err = OpenSpool(ctx, cfg.spool)
	require.NoError(t, err)
	r.tokens, err = OpenTokens(ctx, r.spool)
	require.NoError(t, err)
	r.batcher, err = NewBatcher(ctx, r.spool, cfg.now)
	require.NoError(t, err)
	if cfg.loader.DB != nil {
		r.startLoader(cfg.loader)
	}
	if cfg.rules.Zone == nil {
		cfg.rules = testRules()
	}
	r.door = NewDoor(DoorConfig{Tokens: r.tokens, Batcher: r.batcher, Pseudonyms: NewPseudonymiser([]byte("secret")), Rules: cfg.rules,
		Limits: cfg.limits, Rejects: r.rejects, Metrics: cfg.metrics, Log: cfg.spool.Log})
	r.server = httptest.NewServer(r.door)
	r.token, err = r.tokens.Create(ctx, Grant{Name: "feed", Kind: SourceToken})
	require.NoError(t, err)
	t.Cleanup(r.close)
	return r
}

func (r *rig) startLoader(cfg LoaderConfig) {
	cfg.Spool = r.spool
	if cfg.Touch == nil {
		cfg.Touch = &factLog{}
	}
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Linger == 0 {
		cfg.Linger = 10 * time.Millisecond
	}
	if cfg.Log == nil {
		cfg.Log = r.spool.log
	}
	var err error
	r.loader, err = StartLoader(r.t.Context(), cfg)
	require.NoError(r.t, err)
	r.rejects = StartRejects(r.spool, cfg.Log)
}

// close stops all in the order that loses nothing.
func (r *rig) close() {
	if r.closed {
		return
	}
	r.closed = true
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r.server.Close()
	require.NoError(r.t, r.batcher.Close(ctx))
	if r.loader != nil {
		r.loader.Close()
		require.NoError(r.t, r.rejects.Close(ctx))
	}
	require.NoError(r.t, r.tokens.Close())
	r.spool.Close()
}

// post sends a body and returns the status and the answer, or the error's message.
func (r *rig) post(body []byte, header ...string) (int, Answer, string) {
	r.t.Helper()
	return r.send(bytes.NewReader(body), header...)
}

func (r *rig) send(body io.Reader, header ...string) (int, Answer, string) {
	r.t.Helper()
	request, err := http.NewRequest(http.MethodPost, r.server.URL+"/v1/events", body)
	require.NoError(r.t, err)
	request.Header.Set("Authorization", "Bearer "+r.token)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := r.server.Client().Do(request)
	require.NoError(r.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(r.t, err)
	if response.StatusCode != http.StatusAccepted {
		var failure struct {
			Error struct{ Code, Message, Field string }
		}
		require.NoError(r.t, json.Unmarshal(text, &failure), string(text))
		require.NotEmpty(r.t, failure.Error.Message)
		if response.StatusCode == http.StatusServiceUnavailable {
			require.NotEmpty(r.t, response.Header.Get("Retry-After"))
		}
		return response.StatusCode, Answer{}, failure.Error.Message
	}
	var answer Answer
	require.NoError(r.t, json.Unmarshal(text, &answer))
	require.NotNil(r.t, answer.Rejected)
	return response.StatusCode, answer, ""
}

// accepted posts a body whose events must all be taken.
func (r *rig) accepted(body string, n int) {
	r.t.Helper()
	status, answer, message := r.post([]byte(body))
	require.Equal(r.t, http.StatusAccepted, status, message)
	require.Equal(r.t, Answer{Accepted: n, Rejected: []RejectedEvent{}}, answer)
}

// settle waits until all is loaded.
func (r *rig) settle() {
	r.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		settled, err := r.spool.Settled(r.t.Context())
		require.NoError(r.t, err)
		if settled {
			return
		}
		require.True(r.t, time.Now().Before(deadline), "it is not loaded in time")
	}
}

// rows asks for one number.
func rows(t testing.TB, db driver.Conn, query string) (n uint64) {
	t.Helper()
	require.NoError(t, db.QueryRow(t.Context(), query).Scan(&n))
	return n
}

// event is the event number i, on a day of November 2026.
func event(i int) string {
	return fmt.Sprintf(`{"id":"e%d","time":"2026-11-%02dT08:30:00Z","tool":"wiki","actor":"p%d@example.com","action":"edit","object":"page %d"}`, i, 1+i%20, i%50, i%7)
}

// eventLines are the events from..to-1, one a line.
func eventLines(from, to int) string {
	var b bytes.Buffer
	for i := from; i < to; i++ {
		b.WriteString(event(i))
		b.WriteByte('\n')
	}
	return b.String()
}
