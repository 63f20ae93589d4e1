package assumptions

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// member is one field of an object as it was written; objects keep their order, so that problems come in it.
type member struct {
	name  string
	value any // []member, []any, string, json.Number, bool or nil
}

const deepest = 12 // levels: a document has seven

// parse takes JSON apart and keeps what encoding/json would pass over in silence: a field that stands twice.
func parse(text []byte, problems *Problems) (tree any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	tree, err := parseValue(d, "", 0, problems)
	if err == nil {
		if _, end := d.Token(); !errors.Is(end, io.EOF) {
			err = fmt.Errorf("something follows the end of the document")
		}
	}
	if err != nil {
		problems.add("", "This is not JSON: %s (at byte %d)", reasonOf(err), d.InputOffset())
		return nil, false
	}
	return tree, true
}

func reasonOf(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends too early"
	}
	return err.Error()
}

func parseValue(d *json.Decoder, path string, depth int, problems *Problems) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	open, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth > deepest {
		return nil, fmt.Errorf("it is nested too deeply")
	}
	var value any
	if open == '[' {
		value, err = parseList(d, path, depth, problems)
	} else {
		value, err = parseObject(d, path, depth, problems)
	}
	if err == nil {
		_, err = d.Token() // the closing bracket
	}
	return value, err
}

func parseList(d *json.Decoder, path string, depth int, problems *Problems) (any, error) {
	list := []any{}
	for d.More() {
		v, err := parseValue(d, fmt.Sprintf("%s[%d]", path, len(list)), depth+1, problems)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func parseObject(d *json.Decoder, path string, depth int, problems *Problems) (any, error) {
	object, seen := []member{}, map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder lets nothing else stand here
		at := join(path, name)
		if seen[name] {
			problems.add(at, "stands twice")
		}
		seen[name] = true
		v, err := parseValue(d, at, depth+1, problems)
		if err != nil {
			return nil, err
		}
		object = append(object, member{name, v})
	}
	return object, nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	if strings.HasPrefix(name, "[") {
		return path + name
	}
	return path + "." + name
}
