package wire

import "google.golang.org/protobuf/encoding/protowire"

// The numbers of the fields, from opentelemetry/proto/logs/v1/logs.proto and what it uses.
const (
	pbRequestLogs = 1 // ResourceLogs, repeated

	pbResource  = 1 // of ResourceLogs
	pbScopeLogs = 2 // repeated

	pbScope      = 1 // of ScopeLogs
	pbLogRecords = 2 // repeated

	pbResourceAttributes = 1
	pbScopeName          = 1
	pbScopeAttributes    = 3

	pbTime       = 1 // of LogRecord
	pbBody       = 5
	pbAttributes = 6
	pbTrace      = 9
	pbSpan       = 10
	pbObserved   = 11
	pbEventName  = 12
)

// otlpShape tells whether bytes could be a request in protobuf.
func otlpShape(body []byte) bool {
	found := false
	valid := fields(body, func(number protowire.Number, content []byte, _ uint64) bool {
		found = found || number == pbRequestLogs && content != nil
		return true
	})
	return valid && (found || len(body) == 0)
}

// protobuf reads a request in protobuf.
func (o *otlpReader) protobuf(body []byte) error {
	if !otlpShape(body) {
		return brokenProtobuf
	}
	return eachMessage(body, pbRequestLogs, func(logs []byte) error {
		o.resource.next(content(logs, pbResource))
		return eachMessage(logs, pbScopeLogs, func(logs []byte) error {
			o.scope.next(content(logs, pbScope))
			return eachMessage(logs, pbLogRecords, o.recordProtobuf)
		})
	})
}

// resourceProtobuf reads what a resource says.
func (o *otlpReader) resourceProtobuf(resource []byte) *Refusal {
	v := protobufValues{records: o.records}
	v.valid(fields(resource, func(number protowire.Number, content []byte, _ uint64) bool {
		if number == pbResourceAttributes && content != nil {
			v.pair([]byte("resource"), content, 0)
		}
		return true
	}))
	return v.wrong()
}

// scopeProtobuf reads what a scope says.
func (o *otlpReader) scopeProtobuf(scope []byte) *Refusal {
	v := protobufValues{records: o.records}
	v.valid(fields(scope, func(number protowire.Number, content []byte, _ uint64) bool {
		switch {
		case content == nil:
		case number == pbScopeName:
			o.records.add("scope.name", v.text(content))
		case number == pbScopeAttributes:
			v.pair([]byte("scope.attributes"), content, 0)
		}
		return true
	}))
	return v.wrong()
}

// recordProtobuf reads one log record.
func (o *otlpReader) recordProtobuf(message []byte) error {
	if err := o.count(); err != nil {
		return err
	}
	if len(message) > o.limits.Event {
		return o.each(nil, o.limits.EventTooLarge())
	}
	r, wrong := o.begin(o.resourceProtobuf, o.scopeProtobuf)
	if wrong != nil {
		return o.each(nil, wrong)
	}
	var told otlpRecord
	v := protobufValues{records: o.records}
	v.valid(fields(message, func(number protowire.Number, content []byte, value uint64) bool {
		switch {
		case number == pbTime:
			told.time = v.digits(value)
		case number == pbObserved:
			told.observed = v.digits(value)
		case content == nil:
		case number == pbEventName:
			told.name = v.text(content)
		case number == pbTrace, number == pbSpan:
			r.Rest = append(r.Rest, content)
		case number == pbBody:
			told.body = v.text(stringOf(content))
			v.value([]byte("body"), content, 0)
		case number == pbAttributes:
			v.pair([]byte("attributes"), content, 0)
		}
		return true
	}))
	if wrong := v.wrong(); wrong != nil {
		return o.each(nil, wrong)
	}
	return o.finish(&told)
}

// stringOf is the text of a value that is a string, nil for another.
func stringOf(value []byte) []byte { return content(value, pbString) }

// OTLPAnswer is an ExportLogsServiceResponse in protobuf: empty where everything was taken.
func OTLPAnswer(rejected int, message string) []byte {
	if rejected == 0 {
		return nil
	}
	partial := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(rejected))
	partial = protowire.AppendString(protowire.AppendTag(partial, 2, protowire.BytesType), message)
	return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), partial)
}

// OTLPStatus is a google.rpc.Status in protobuf.
func OTLPStatus(code int, message string) []byte {
	status := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(code))
	return protowire.AppendString(protowire.AppendTag(status, 2, protowire.BytesType), message)
}
