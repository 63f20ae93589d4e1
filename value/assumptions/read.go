package assumptions

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Read reads a document from JSON. A field that is unknown, missing, of another type, or out of bounds is refused with
// its path and the reason; all of them come at once, as Problems.
func Read(text []byte) (*Document, error) {
	var problems Problems
	doc := &Document{}
	if tree, ok := parse(text, &problems); ok {
		r := reader{&problems, map[string]bool{}}
		r.fill(reflect.ValueOf(doc).Elem(), tree, "")
		doc.check(&checker{problems: &problems, unread: r.wrong, doc: doc})
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	return doc, nil
}

// reader fills Go values from a tree. wrong holds the paths that could not be read: what they should hold is not
// checked further, so that one mistake is told once.
type reader struct {
	problems *Problems
	wrong    map[string]bool
}

func (r *reader) refuse(path, reason string, args ...any) {
	r.wrong[path] = true
	r.problems.add(path, reason, args...)
}

var textual = reflect.TypeFor[encoding.TextUnmarshaler]()

func (r *reader) fill(to reflect.Value, from any, path string) {
	if to.Kind() == reflect.Pointer {
		to.Set(reflect.New(to.Type().Elem()))
		r.fill(to.Elem(), from, path)
		return
	}
	if reflect.PointerTo(to.Type()).Implements(textual) {
		r.fillText(to, from, path)
		return
	}
	switch to.Kind() {
	case reflect.Struct:
		r.fillStruct(to, from, path)
	case reflect.Map:
		r.fillMap(to, from, path)
	case reflect.Slice:
		r.fillSlice(to, from, path)
	default:
		r.fillScalar(to, from, path)
	}
}

func (r *reader) fillText(to reflect.Value, from any, path string) {
	s, ok := from.(string)
	if !ok {
		r.refuse(path, "must be a day, written YYYY-MM-DD in quotes")
		return
	}
	if err := to.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)); err != nil {
		r.refuse(path, "%s", err.Error())
	}
}

func (r *reader) fillScalar(to reflect.Value, from any, path string) {
	switch to.Kind() {
	case reflect.String:
		if s, ok := from.(string); ok {
			to.SetString(strings.TrimSpace(s))
			return
		}
		r.refuse(path, "must be text in quotes")
	case reflect.Bool:
		if b, ok := from.(bool); ok {
			to.SetBool(b)
			return
		}
		r.refuse(path, "must be true or false")
	case reflect.Int:
		n, _ := from.(json.Number)
		if i, err := n.Int64(); err == nil {
			to.SetInt(i)
			return
		}
		r.refuse(path, "must be a whole number")
	case reflect.Float64:
		n, _ := from.(json.Number)
		if f, err := n.Float64(); err == nil {
			to.SetFloat(f)
			return
		}
		r.refuse(path, "must be a number")
	default:
		panic(fmt.Sprintf("assumptions: no form for %s", to.Type()))
	}
}

func (r *reader) fillSlice(to reflect.Value, from any, path string) {
	list, ok := from.([]any)
	if !ok {
		r.refuse(path, "must be a list")
		return
	}
	to.Set(reflect.MakeSlice(to.Type(), len(list), len(list)))
	for i, v := range list {
		r.fill(to.Index(i), v, fmt.Sprintf("%s[%d]", path, i))
	}
}

func (r *reader) fillMap(to reflect.Value, from any, path string) {
	object, ok := from.([]member)
	if !ok {
		r.refuse(path, "must be an object")
		return
	}
	to.Set(reflect.MakeMapWithSize(to.Type(), len(object)))
	for _, m := range object {
		v := reflect.New(to.Type().Elem()).Elem()
		r.fill(v, m.value, join(path, m.name))
		to.SetMapIndex(reflect.ValueOf(m.name).Convert(to.Type().Key()), v)
	}
}

func (r *reader) fillStruct(to reflect.Value, from any, path string) {
	object, ok := from.([]member)
	if !ok {
		r.refuse(path, "must be an object")
		return
	}
	fields := fieldsOf(to)
	for _, m := range object {
		i := indexOf(fields, m.name)
		if i < 0 {
			r.problems.add(join(path, m.name), "is not known here")
			continue
		}
		fields[i].given = true
		r.fill(fields[i].value, m.value, join(path, m.name))
	}
	for _, f := range fields {
		if !f.given && !f.optional {
			r.refuse(join(path, f.name), "is missing")
		}
	}
}

// field is one field of a struct under the name that it has in JSON.
type field struct {
	name            string
	value           reflect.Value
	optional, given bool
}

// fieldsOf lists the fields of a struct, those of the structs that it embeds in their place.
func fieldsOf(v reflect.Value) (fields []field) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			fields = append(fields, fieldsOf(v.Field(i))...)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields = append(fields, field{name: name, value: v.Field(i), optional: options == "omitempty"})
	}
	return fields
}

func indexOf(fields []field, name string) int {
	for i, f := range fields {
		if f.name == name {
			return i
		}
	}
	return -1
}
