package wire

import (
	"math"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"uptake/adoption"
)

// The numbers of the fields, from opentelemetry/proto/logs/v1/logs.proto, common/v1 and resource/v1.
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

	pbKey   = 1 // of KeyValue
	pbValue = 2

	pbString = 1 // of AnyValue
	pbBool   = 2
	pbInt    = 3
	pbDouble = 4
	pbArray  = 5
	pbMap    = 6
	pbBytes  = 7

	pbValues = 1 // of ArrayValue and KeyValueList, repeated
)

var (
	brokenRecord   = &Refusal{"", "The record is broken protobuf."}
	brokenProtobuf = adoption.Invalid("", "The body is broken protobuf, so its records cannot be told apart. Nothing of this request was taken.")
)

// fields calls yield with each field of a message: its number, and its content where that is of bytes, or its value
// where that is a number. It is false for what is no message; yield ends the walk with false.
func fields(message []byte, yield func(number protowire.Number, content []byte, value uint64) bool) (valid bool) {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return false
		}
		message = message[n:]
		var content []byte
		var value uint64
		switch kind {
		case protowire.BytesType:
			if content, n = protowire.ConsumeBytes(message); content == nil {
				content = []byte{}
			}
		case protowire.VarintType:
			value, n = protowire.ConsumeVarint(message)
		case protowire.Fixed64Type:
			value, n = protowire.ConsumeFixed64(message)
		case protowire.Fixed32Type:
			_, n = protowire.ConsumeFixed32(message)
		default: // groups, which no version of OTLP has
			return false
		}
		if n < 0 {
			return false
		}
		message = message[n:]
		if !yield(number, content, value) {
			return true
		}
	}
	return true
}

// content is the last field of a message with a number, nil if it has none.
func content(message []byte, number protowire.Number) (found []byte) {
	fields(message, func(n protowire.Number, content []byte, _ uint64) bool {
		if n == number && content != nil {
			found = content
		}
		return true
	})
	return found
}

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

// eachMessage calls read with the messages that a repeated field holds.
func eachMessage(message []byte, number protowire.Number, read func([]byte) error) (err error) {
	valid := fields(message, func(n protowire.Number, content []byte, _ uint64) bool {
		if n == number && content != nil {
			err = read(content)
		}
		return err == nil
	})
	if err == nil && !valid {
		return brokenProtobuf
	}
	return err
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

// protobufValues notes keys and values as fields, and what is wrong with them.
type protobufValues struct {
	records         *Records
	invalid, broken bool
}

// valid notes whether a message was one.
func (v *protobufValues) valid(ok bool) { v.broken = v.broken || !ok }

// wrong is what was found to be wrong so far.
func (v *protobufValues) wrong() *Refusal {
	switch {
	case v.broken:
		return brokenRecord
	case v.invalid:
		return NotUTF8
	}
	return nil
}

// text is a string.
func (v *protobufValues) text(content []byte) []byte {
	v.invalid = v.invalid || !utf8.Valid(content)
	return content
}

// digits writes a number as text.
func (v *protobufValues) digits(n uint64) []byte {
	return v.append(func(to []byte) []byte { return strconv.AppendUint(to, n, 10) })
}

// append writes text into the scratch space.
func (v *protobufValues) append(write func(to []byte) []byte) []byte {
	p := v.records
	start := len(p.scratch)
	p.scratch = write(p.scratch)
	return p.scratch[start:len(p.scratch):len(p.scratch)]
}

// pair notes a KeyValue below a path.
func (v *protobufValues) pair(path, pair []byte, level int) {
	var key, value []byte
	v.valid(fields(pair, func(number protowire.Number, content []byte, _ uint64) bool {
		switch {
		case content == nil:
		case number == pbKey:
			key = v.text(content)
		case number == pbValue:
			value = content
		}
		return true
	}))
	p := v.records
	mark, before := len(p.scratch), len(p.record.Fields)
	v.value(p.below(path, key), value, level)
	p.forget(mark, before)
}

// value notes an AnyValue. What is left to the rest is left once and whole, however many parts it has.
func (v *protobufValues) value(path, value []byte, level int) {
	p := v.records
	rest := false
	v.valid(fields(value, func(number protowire.Number, content []byte, n uint64) bool {
		list := number == pbArray || number == pbMap
		switch {
		case number == pbBytes, p.full(path), list && level == MaxLevels:
			rest = true
		case list && content != nil:
			v.list(path, number, content, level+1)
		default:
			if text := v.scalar(number, content, n); text != nil {
				p.record.Fields = append(p.record.Fields, Field{path, text})
			}
		}
		return true
	}))
	if rest {
		p.record.Rest = append(p.record.Rest, value)
	}
}

// list notes the members of an ArrayValue or a KeyValueList.
func (v *protobufValues) list(path []byte, kind protowire.Number, list []byte, level int) {
	v.valid(fields(list, func(number protowire.Number, content []byte, _ uint64) bool {
		switch {
		case number != pbValues || content == nil:
		case kind == pbArray:
			v.value(path, content, level)
		default:
			v.pair(path, content, level)
		}
		return true
	}))
}

// scalar is a string, number or boolean as text, nil for what is none.
func (v *protobufValues) scalar(number protowire.Number, content []byte, n uint64) []byte {
	switch {
	case number == pbString && content != nil:
		return v.text(content)
	case content != nil:
		return nil
	case number == pbBool:
		return strconv.AppendBool(nil, n != 0)
	case number == pbInt:
		return v.append(func(to []byte) []byte { return strconv.AppendInt(to, int64(n), 10) })
	case number == pbDouble:
		return v.append(func(to []byte) []byte { return strconv.AppendFloat(to, math.Float64frombits(n), 'g', -1, 64) })
	}
	return nil
}

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
