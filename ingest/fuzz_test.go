package ingest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	"google.golang.org/protobuf/proto"
)

// FuzzBody sends any bytes through the door as a body. They must not crash it, every event must be accounted for, and
// what the standard library takes for an object with these fields must not be read otherwise.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		goodEvent, "[" + goodEvent + "," + goodEvent + "]", eventLines(0, 3), "{\n}\n{", `[1,{"id":"\u00e9\ud83d\ude00"},{"attributes":{"a":1.5e3,"b":"c"}}]`,
		with("counterparts", `["a", 5 ,"b\"c"]`), with("quantity", "1e3"), with("time", `"2026-11-20"`), "\ufeff{}", "[[[]]]", "{\"a\":[1,\n{\"a\":[1,\n" + goodEvent,
		`{"id":"a","time":"2026-11-20","tool":"wiki","actor":"x","action":"edit","attributes":{"a":true,"b":null,"c":"d"}}`,
	} {
		f.Add([]byte(seed))
	}
	w := testWorker(testRules())
	f.Fuzz(func(t *testing.T, body []byte) {
		chunks, err := w.work(Grant{Name: "feed"}, eventsForm, &input{body: body})
		if err != nil {
			return
		}
		events, err := decodeMessage(appendMessage(nil, 1, chunks...), nil, &interner{})
		require.NoError(t, err)
		require.Len(t, events, w.accepted)
		for i, r := range w.rejected {
			require.True(t, r.index >= i && r.index < w.accepted+len(w.rejected))
			require.True(t, utf8.ValidString(r.id) || !utf8.Valid(body))
			require.NotEmpty(t, r.wrong.Reason)
		}
		for _, e := range events {
			require.NotEmpty(t, e.Tool)
			require.NotEmpty(t, e.Class)
		}
		compareWithStandard(t, w, body, len(events))
	})
}

// compareWithStandard holds a body of one event against encoding/json.
func compareWithStandard(t *testing.T, w *worker, body []byte, accepted int) {
	t.Helper()
	body = bytes.TrimSpace(body)
	if accepted != 1 || len(w.rejected) > 0 || body[0] != '{' {
		return
	}
	var told struct {
		Tool, Actor, Action string
		Object              any
	}
	require.NoError(t, json.Unmarshal(body, &told), "the door took what is no JSON")
	raw, wrong := w.parser.Parse(body)
	require.Nil(t, wrong)
	var standard map[string]any
	require.NoError(t, json.Unmarshal(body, &standard))
	require.Equal(t, standard["tool"], string(raw.Tool))
	require.Equal(t, standard["action"], string(raw.Action))
	if text, ok := standard["actor"].(string); ok {
		require.Equal(t, text, string(raw.Actor))
	}
	if list, ok := standard["counterparts"].([]any); ok {
		require.Len(t, raw.Counterparts, len(list))
	}
	require.False(t, strings.Contains(string(raw.Tool), "\x00"))
}

// FuzzForms sends any bytes through every form of the door: whatever their readers find must be accounted for, and what
// is accepted must be whole events.
func FuzzForms(f *testing.F) {
	f.Add([]byte(`{"batch":[`+trackCall+`,`+identifyCall+`,{"type":"group","userId":"u","groupId":"g"}]}`), "application/json")
	f.Add([]byte(`[{"event":"Page Edited","uuid":"","distinct_id":"u","timestamp":"2026-11-20T09:15:00Z","properties":{"tool":"x"}},{"event":"$identify","distinct_id":"u"}]`), "")
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"edit","timeUnixNano":"1795000000000000000","attributes":[{"key":"user.id","value":{"stringValue":"u"}},{"key":"tool","value":{"stringValue":"x"}}]}]}]}]}`), "")
	f.Add([]byte(`[{"specversion":"1.0","type":"edit","source":"s","id":"i","time":"2026-11-20","data":{"actor":"a","tool":"x"}},`+goodEvent+`]`), "")
	f.Add([]byte(identifyCall), "text/plain")
	f.Add([]byte(`{"userId":"ada@example.com","groupId":"sales","traits":{"name":"Sales"},"context":{"page":{"path":"/wiki"}},"originalTimestamp":"2026-11-20T09:15:00.000Z"}`), "")
	f.Add([]byte(`{"name":"Wiki","category":"docs","anonymousId":"x","properties":{"tool":"wiki","url":"https://wiki.example.com/p"},"timestamp":"2026-11-20T09:15:00.000Z"}`), "application/json")
	f.Add([]byte(`{"api_key":"k","event":"$pageview","properties":{"distinct_id":"u","$current_url":"/p"},"timestamp":"2026-11-20T09:15:00Z"}`), "")
	protobuf, err := proto.Marshal(&collector.ExportLogsServiceRequest{ResourceLogs: []*logs.ResourceLogs{{ScopeLogs: []*logs.ScopeLogs{{LogRecords: []*logs.LogRecord{
		{EventName: "edit", TimeUnixNano: 1795000000000000000, Attributes: []*common.KeyValue{text("user.id", "u"), text("tool", "wiki")}}, {Body: text("", "a line").Value}}}}}}})
	require.NoError(f, err)
	f.Add(protobuf, protobufType)
	f.Add(protobuf[:len(protobuf)-3], protobufType)
	var paths []string // one of each form, in one order: the fuzzer compares runs
	seen := map[*form]bool{}
	for _, path := range Paths() {
		if !seen[forms[path]] {
			paths = append(paths, path)
		}
		seen[forms[path]] = true
	}
	w := testWorker(testRules())
	w.facted = true
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		for _, path := range paths {
			chunks, err := w.work(Grant{Name: "feed", Directory: true}, forms[path], &input{header: http.Header{"Content-Type": {kind}}, body: body})
			if err != nil {
				continue
			}
			answer := w.answer()
			require.Equal(t, w.index, answer.Accepted+len(answer.Rejected)+answer.Ignored, path)
			events, err := decodeMessage(appendMessage(nil, 1, chunks...), nil, &interner{})
			require.NoError(t, err)
			require.LessOrEqual(t, len(events), answer.Accepted)
			for _, e := range events {
				require.NotEmpty(t, e.Class)
				require.NotZero(t, e.ID)
			}
		}
	})
}

// text is an attribute of OpenTelemetry.
func text(key, value string) *common.KeyValue {
	return &common.KeyValue{Key: key, Value: &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: value}}}
}
