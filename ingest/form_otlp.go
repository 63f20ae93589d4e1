package ingest

import (
	"fmt"
	"net/http"
	"strings"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// otlpForm takes the logs that OpenTelemetry's clients and collectors send, and answers in their encoding.
// https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
var otlpForm = &form{
	read: func(w *worker, in *input) error {
		return w.records.OTLP(in.body, wire.OTLPIsJSON(in.body, in.header.Get("Content-Type")), w.limits.wire(), w.foreign)
	},
	answer: answerOTLP,
	refuse: refuseOTLP,
}

// answerOTLP answers with an ExportLogsServiceResponse: an empty one where everything was taken.
func answerOTLP(w http.ResponseWriter, in *input, a Answer) int {
	message := otlpMessage(a)
	if otlpProtobuf(in) {
		return writeBody(w, http.StatusOK, protobufType, wire.OTLPAnswer(len(a.Rejected), message))
	}
	// The JSON form of protobuf has numbers of 64 bits as text.
	type partial struct {
		Rejected string `json:"rejectedLogRecords"`
		Message  string `json:"errorMessage"`
	}
	answer := map[string]partial{}
	if len(a.Rejected) > 0 {
		answer["partialSuccess"] = partial{fmt.Sprint(len(a.Rejected)), message}
	}
	return writeJSON(w, http.StatusOK, answer)
}

const (
	protobufType = "application/x-protobuf"
	otlpReasons  = 10 // that the message of an answer names
)

// otlpMessage says which records were not taken, and why.
func otlpMessage(a Answer) string {
	var text strings.Builder
	for i, r := range a.Rejected {
		if i == otlpReasons {
			fmt.Fprintf(&text, " And %d more.", len(a.Rejected)-i)
			break
		}
		if i > 0 {
			text.WriteByte(' ')
		}
		fmt.Fprintf(&text, "Record %d", r.Index)
		if r.Field != "" {
			text.WriteString(", " + r.Field)
		}
		text.WriteString(": " + r.Reason)
	}
	return text.String()
}

// otlpCodes are gRPC's codes for ours, which a google.rpc.Status bears.
var otlpCodes = map[adoption.Code]int{
	adoption.InvalidParameter: 3, adoption.Unsupported: 3, adoption.Unprocessable: 3, adoption.NotFound: 5, adoption.Forbidden: 7,
	adoption.TooLarge: 8, adoption.TooMany: 8, adoption.Conflict: 10, adoption.Internal: 13, adoption.Unavailable: 14, adoption.Unauthorized: 16,
}

// refuseOTLP answers with a google.rpc.Status and the status of HTTP that the same error has everywhere.
func refuseOTLP(w http.ResponseWriter, in *input, err error) int {
	public := errorHeader(w, err)
	status, code := public.Code.Status(), otlpCodes[public.Code]
	if otlpProtobuf(in) {
		return writeBody(w, status, protobufType, wire.OTLPStatus(code, public.Message))
	}
	return writeJSON(w, status, struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}{code, public.Message})
}

// otlpProtobuf tells whether the answer is to be in protobuf: as the request says of itself, or else as it is.
func otlpProtobuf(in *input) bool {
	kind := strings.ToLower(in.header.Get("Content-Type"))
	switch {
	case strings.Contains(kind, "protobuf"):
		return true
	case strings.Contains(kind, "json"):
		return false
	}
	return len(in.body) > 0 && !wire.OTLPIsJSON(in.body, kind)
}
