package wire

import (
	"bytes"
	"unicode/utf8"
)

// json reads a request in JSON.
func (o *otlpReader) json(text []byte) error {
	text, err := document(text)
	if err != nil {
		return err
	}
	if text[0] != '{' {
		return notOTLP
	}
	all := member(text, "resourceLogs")
	if all == nil && skipSpace(text, 1) != len(text)-1 { // {} is a request without records
		return notOTLP
	}
	return eachObject(all, func(logs []byte) error {
		o.resource.next(member(logs, "resource"))
		return eachObject(member(logs, "scopeLogs"), func(logs []byte) error {
			o.scope.next(member(logs, "scope"))
			return eachValue(member(logs, "logRecords"), o.recordJSON)
		})
	})
}

// eachValue calls read with the elements of an array; nil is an empty one.
func eachValue(array []byte, read func(value []byte) error) (err error) {
	if array == nil {
		return nil
	}
	if array[0] != '[' {
		return notOTLP
	}
	elements(array, func(value []byte) bool {
		err = read(value)
		return err == nil
	})
	return err
}

// eachObject calls read with the elements of an array that must all be objects.
func eachObject(array []byte, read func(object []byte) error) error {
	return eachValue(array, func(value []byte) error {
		if value[0] != '{' {
			return notOTLP
		}
		return read(value)
	})
}

// resourceJSON reads what a resource says.
func (o *otlpReader) resourceJSON(resource []byte) *Refusal {
	return o.sharedJSON(resource, "resource")
}

// scopeJSON reads what a scope says.
func (o *otlpReader) scopeJSON(scope []byte) *Refusal {
	if isObject(scope) {
		o.records.add("scope.name", o.records.scalar(member(scope, "name")))
	}
	return o.sharedJSON(scope, "scope.attributes")
}

func (o *otlpReader) sharedJSON(value []byte, path string) *Refusal {
	if !utf8.Valid(value) {
		return NotUTF8
	}
	if isObject(value) {
		o.records.otlpPairs([]byte(path), member(value, "attributes"), 0)
	}
	return nil
}

func isObject(value []byte) bool { return len(value) > 0 && value[0] == '{' }

// recordJSON reads one log record.
func (o *otlpReader) recordJSON(value []byte) error {
	if err := o.count(); err != nil {
		return err
	}
	if wrong := o.limits.object(value); wrong != nil {
		return o.each(nil, wrong)
	}
	r, wrong := o.begin(o.resourceJSON, o.scopeJSON)
	if wrong != nil {
		return o.each(nil, wrong)
	}
	p := o.records
	var told otlpRecord
	members(value, func(name, value []byte) bool {
		switch string(p.unquote(name)) {
		case "eventName":
			told.name = p.scalar(value)
		case "timeUnixNano":
			told.time = p.scalar(value)
		case "observedTimeUnixNano":
			told.observed = p.scalar(value)
		case "traceId", "spanId":
			r.Rest = append(r.Rest, value)
		case "body":
			if isObject(value) {
				told.body = p.scalar(member(value, "stringValue"))
			}
			p.otlpValue([]byte("body"), value, 0)
		case "attributes":
			p.otlpPairs([]byte("attributes"), value, 0)
		}
		return true
	})
	return o.finish(&told)
}

// otlpPairs notes a list of keys and values below a path.
func (p *Records) otlpPairs(path, list []byte, level int) {
	if len(list) == 0 || list[0] != '[' {
		return
	}
	elements(list, func(pair []byte) bool {
		if isObject(pair) {
			mark, before := len(p.scratch), len(p.record.Fields)
			p.otlpValue(p.below(path, p.scalar(member(pair, "key"))), member(pair, "value"), level)
			p.forget(mark, before)
		}
		return true
	})
}

// otlpValue notes a value, {"stringValue":"x"} or one of its kin.
func (p *Records) otlpValue(path, value []byte, level int) {
	if !isObject(value) {
		return
	}
	members(value, func(name, inner []byte) bool {
		switch string(name) {
		case `"stringValue"`, `"intValue"`, `"doubleValue"`, `"boolValue"`:
			if p.full(path) {
				p.record.Rest = append(p.record.Rest, inner)
			} else if text := p.scalar(inner); text != nil {
				p.record.Fields = append(p.record.Fields, Field{path, text})
			}
		case `"arrayValue"`, `"kvlistValue"`:
			p.otlpList(path, name, inner, level)
		case `"bytesValue"`:
			p.record.Rest = append(p.record.Rest, inner)
		}
		return true
	})
}

// otlpList notes the values of a list or a map.
func (p *Records) otlpList(path, name, list []byte, level int) {
	if level == MaxLevels || p.full(path) {
		p.record.Rest = append(p.record.Rest, list)
		return
	}
	if !isObject(list) {
		return
	}
	values := member(list, "values")
	if bytes.Equal(name, []byte(`"kvlistValue"`)) {
		p.otlpPairs(path, values, level+1)
		return
	}
	if len(values) == 0 || values[0] != '[' {
		return
	}
	elements(values, func(value []byte) bool {
		p.otlpValue(path, value, level+1)
		return true
	})
}
