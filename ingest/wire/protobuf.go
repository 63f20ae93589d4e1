package wire

import (
	"math"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"uptake/adoption"
)

// The functions here walk messages of protobuf without a schema, and without a copy of what they hold.

// The numbers of the fields of keys and values, from opentelemetry/proto/common/v1/common.proto.
const (
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
