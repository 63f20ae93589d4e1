package main

import (
	"errors"
	"io"
	"log"
	"sync"
	"testing"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/cloudevents/sdk-go/v2/binding"
	"github.com/posthog/posthog-go"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	otellog "go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	segment "gopkg.in/segmentio/analytics-go.v3"
)

// goClients are the clients that are Go modules.
func goClients() []client {
	return []client{
		{name: "segment-go", paths: "properties.", send: sendSegment},
		{name: "posthog-go", paths: "properties.", send: sendPostHog},
		{name: "cloudevents-go", paths: "data.", send: sendCloudEvents},
		{name: "otel-go", paths: "attributes.", send: sendOTel},
	}
}

// delivered counts what a client says of its messages.
type delivered struct {
	mu     sync.Mutex
	taken  int
	failed []error
}

func (d *delivered) success() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.taken++
}

func (d *delivered) failure(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed = append(d.failed, err)
}

// require fails unless n messages were taken and none failed.
func (d *delivered) require(t *testing.T, n int) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	require.Empty(t, d.failed)
	require.Equal(t, n, d.taken)
}

type segmentCallback struct{ *delivered }

func (c segmentCallback) Success(segment.Message)            { c.success() }
func (c segmentCallback) Failure(_ segment.Message, e error) { c.failure(e) }

func sendSegment(t *testing.T, p plan) {
	var d delivered
	client, err := segment.NewWithConfig(p.Token, segment.Config{Endpoint: p.URL, Callback: segmentCallback{&d}, Logger: segment.StdLogger(log.New(io.Discard, "", 0))})
	require.NoError(t, err)
	for _, u := range p.Uses {
		require.NoError(t, client.Enqueue(segment.Track{MessageId: u.ID, Event: u.Name, UserId: u.Who, Timestamp: u.Time,
			Properties: segment.NewProperties().Set("page", u.Page).Set("to", u.To)}))
	}
	require.NoError(t, client.Enqueue(segment.Identify{UserId: "u-1", Traits: segment.NewTraits().SetEmail("ada@example.com")}))
	require.NoError(t, client.Enqueue(segment.Group{UserId: "u-1", GroupId: "sales"}))
	require.NoError(t, client.Close())
	d.require(t, len(p.Uses)+2)
}

type posthogCallback struct{ *delivered }

func (c posthogCallback) Success(posthog.APIMessage)            { c.success() }
func (c posthogCallback) Failure(_ posthog.APIMessage, e error) { c.failure(e) }

// sendPostHog gives no ids, as most users of this client: it sends empty ones then.
func sendPostHog(t *testing.T, p plan) {
	var d delivered
	client, err := posthog.NewWithConfig(p.Token, posthog.Config{Endpoint: p.URL, Callback: posthogCallback{&d}, Logger: posthog.StdLogger(log.New(io.Discard, "", 0))})
	require.NoError(t, err)
	for _, u := range p.Uses {
		require.NoError(t, client.Enqueue(posthog.Capture{Event: u.Name, DistinctId: u.Who, Timestamp: u.Time,
			Properties: posthog.NewProperties().Set("page", u.Page).Set("to", u.To)}))
	}
	require.NoError(t, client.Enqueue(posthog.GroupIdentify{Type: "unit", Key: "sales"}))
	require.NoError(t, client.Enqueue(posthog.Alias{DistinctId: "u-1", Alias: "old-1"}))
	require.NoError(t, client.Close())
	d.require(t, len(p.Uses)+2)
}

// sendCloudEvents sends each event in binary and in structured mode: it is the same one.
func sendCloudEvents(t *testing.T, p plan) {
	client, err := cloudevents.NewClientHTTP(cloudevents.WithTarget(p.URL+"/v1/events"), cloudevents.WithHeader("Authorization", "Bearer "+p.Token))
	require.NoError(t, err)
	for _, u := range p.Uses {
		e := cloudevents.NewEvent()
		e.SetID(u.ID)
		e.SetSource("/wiki")
		e.SetType(u.Name)
		e.SetTime(u.Time)
		e.SetSubject("Seite " + u.Page + " – 100 %")
		e.SetExtension("userid", u.Who)
		require.NoError(t, e.SetData(cloudevents.ApplicationJSON, map[string]any{"page": u.Page, "to": u.To}))
		result := client.Send(binding.WithForceBinary(t.Context()), e)
		require.True(t, cloudevents.IsACK(result), "%v", result)
		result = client.Send(binding.WithForceStructured(t.Context()), e)
		require.True(t, cloudevents.IsACK(result), "%v", result)
	}
}

func sendOTel(t *testing.T, p plan) {
	exporter, err := otlploghttp.New(t.Context(), otlploghttp.WithEndpointURL(p.URL+"/v1/logs"),
		otlploghttp.WithHeaders(map[string]string{"Authorization": "Bearer " + p.Token}), otlploghttp.WithCompression(otlploghttp.GzipCompression))
	require.NoError(t, err)
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)))
	logger := provider.Logger("wiki")
	for _, u := range p.Uses {
		var r otellog.Record
		r.SetEventName(u.Name)
		r.SetTimestamp(u.Time)
		r.AddAttributes(attribute.String("enduser.id", u.Who), attribute.String("page", u.Page), attribute.StringSlice("to", u.To))
		logger.Emit(t.Context(), r)
	}
	require.NoError(t, errors.Join(provider.ForceFlush(t.Context()), provider.Shutdown(t.Context())))
}
