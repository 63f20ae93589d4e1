package ingest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"uptake/adoption"
)

// export posts log records and reads the answer into one of two messages, as the status says.
func (r *rig) export(body []byte, kind, authorization string) (int, *collector.ExportLogsServiceResponse, *status.Status, http.Header) {
	r.t.Helper()
	request, err := http.NewRequest(http.MethodPost, r.server.URL+"/v1/logs", bytes.NewReader(body))
	require.NoError(r.t, err)
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Authorization", authorization)
	response, err := r.server.Client().Do(request)
	require.NoError(r.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(r.t, err)
	answer, failure := &collector.ExportLogsServiceResponse{}, &status.Status{}
	into := proto.Message(answer)
	if response.StatusCode != http.StatusOK {
		into = failure
	}
	if kind := response.Header.Get("Content-Type"); strings.HasPrefix(kind, "application/json") {
		require.NoError(r.t, protojson.Unmarshal(text, into), "%s", text)
	} else {
		require.Equal(r.t, "application/x-protobuf", kind)
		require.NoError(r.t, proto.Unmarshal(text, into))
	}
	return response.StatusCode, answer, failure, response.Header
}

// edited is a log record of an edit by somebody, at a time in nanoseconds.
func edited(who string, nanos uint64) *logs.LogRecord {
	return &logs.LogRecord{TimeUnixNano: nanos, EventName: "page.edited", Attributes: []*common.KeyValue{
		{Key: "enduser.id", Value: &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: who}}}}}
}

func TestOTLPAtTheDoor(t *testing.T) {
	r := openProtocols(t, nil)
	const monday = 1_795_000_000_000_000_000
	export := &collector.ExportLogsServiceRequest{ResourceLogs: []*logs.ResourceLogs{{ScopeLogs: []*logs.ScopeLogs{{
		LogRecords: []*logs.LogRecord{edited("u-1", monday), edited("u-1", monday), edited("u-1", 0), edited("", monday), edited("u-2", monday)}}}}}}
	binary, err := proto.Marshal(export)
	require.NoError(t, err)
	text, err := protojson.Marshal(export)
	require.NoError(t, err)
	for kind, body := range map[string][]byte{"application/x-protobuf": binary, "application/json": text} {
		for _, sent := range [][]byte{body, zipped(t, string(body))} {
			code, answer, _, header := r.export(sent, kind, "Bearer "+r.token)
			require.Equal(t, http.StatusOK, code)
			require.EqualValues(t, 2, answer.PartialSuccess.RejectedLogRecords)
			require.Equal(t, "Record 2, time: It is missing. Record 3, actor: It is missing.", answer.PartialSuccess.ErrorMessage)
			require.Equal(t, kind, strings.TrimSuffix(header.Get("Content-Type"), "; charset=utf-8"))
		}
		code, _, failure, header := r.export(body, kind, "Bearer nobody")
		require.Equal(t, http.StatusUnauthorized, code)
		require.EqualValues(t, 16, failure.Code)
		require.NotEmpty(t, failure.Message)
		require.NotEmpty(t, header.Get("WWW-Authenticate"))
		code, _, failure, _ = r.export([]byte("junk"), kind, "Bearer "+r.token)
		require.Equal(t, http.StatusBadRequest, code)
		require.EqualValues(t, 3, failure.Code)
	}
	good, err := proto.Marshal(&collector.ExportLogsServiceRequest{ResourceLogs: []*logs.ResourceLogs{{ScopeLogs: []*logs.ScopeLogs{{LogRecords: []*logs.LogRecord{edited("u", monday)}}}}}})
	require.NoError(t, err)
	for _, kind := range []string{"application/x-protobuf", "application/json", "text/plain"} {
		_, answer, _, _ := r.export(good, kind, "Bearer "+r.token)
		require.Nil(t, answer.PartialSuccess, "taken whatever its Content-Type")
	}

	require.NoError(t, r.batcher.Close(t.Context()))
	code, _, failure, header := r.export(good, "application/x-protobuf", "Bearer "+r.token)
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.EqualValues(t, 14, failure.Code)
	require.NotEmpty(t, header.Get("Retry-After"))
}

func TestTheMessageOfAPartialSuccessIsShort(t *testing.T) {
	message := otlpMessage(Answer{Rejected: make([]RejectedEvent, 5000)})
	require.Less(t, len(message), 500)
	require.Contains(t, message, "And 4990 more.")
}

func TestEveryErrorHasACodeOfOTLP(t *testing.T) {
	for _, code := range adoption.Codes() {
		require.NotZero(t, otlpCodes[code], code)
	}
}
