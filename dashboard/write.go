package dashboard

import (
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// written reads what somebody publishes and hands it on in his or her name. The answer is 201 with what was written.
func written[Body, Answer any](d *Dashboard, write func(company *query.Company, ctx context.Context, author string, body Body) (Answer, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		var body Body
		if err := readJSON(c.Request, &body); err != nil {
			d.failJSON(c, err)
			return
		}
		answer, err := write(d.cfg.Company(), c.Request.Context(), c.GetString(userKey), body)
		if err != nil {
			d.failJSON(c, err)
			return
		}
		c.Set(aboutKey, auditedID(answer))
		c.JSON(http.StatusCreated, answer)
	}
}

// readJSON reads the body of a request: one JSON value with no field that into does not have. Unsupported, TooLarge,
// or InvalidParameter with the field at fault.
func readJSON(r *http.Request, into any) error {
	// A form of another site cannot bear this header, so a browser's session alone does not make it publish.
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return &adoption.Error{Code: adoption.Unsupported, Field: "Content-Type", Message: "What is published comes as JSON. Send it with the header Content-Type: application/json."}
	}
	text, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return &adoption.Error{Code: adoption.TooLarge, Message: fmt.Sprintf("This is larger than the %d bytes that one request may hold.", tooLarge.Limit), Err: err}
	case err != nil:
		return &adoption.Error{Code: adoption.InvalidParameter, Message: "The body ended before its end. Send it again.", Err: err}
	}
	if field, err := fault(text, reflect.TypeOf(into).Elem(), ""); err != nil {
		return badJSON(firstText(field, "body"), err)
	}
	return json.Unmarshal(text, into) // fault has found nothing
}

func firstText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// errNoField is the fault of a field that does not exist.
var errNoField = errors.New("there is no such field")

// badJSON says what is wrong with a field.
func badJSON(field string, err error) error {
	var wrong *json.UnmarshalTypeError
	var own *adoption.Error
	message := err.Error()
	switch {
	case errors.As(err, &own):
		message = own.Message
	case errors.As(err, &wrong):
		message = fmt.Sprintf("A JSON %s cannot stand here.", wrong.Value)
	default:
		message = strings.ToUpper(message[:1]) + message[1:] + "."
	}
	return &adoption.Error{Code: adoption.InvalidParameter, Field: field, Message: message, Err: err}
}

// fault is the path of the first field of a JSON text that cannot be read into a type, or that it does not have, and
// what is wrong with it; at is the path of the text itself.
func fault(text []byte, t reflect.Type, at string) (field string, err error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case readsItself(t):
	case t.Kind() == reflect.Slice:
		var list []json.RawMessage
		if err := json.Unmarshal(text, &list); err != nil {
			return at, err
		}
		for i, one := range list {
			if field, err := fault(one, t.Elem(), fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return field, err
			}
		}
		return "", nil
	case t.Kind() == reflect.Struct:
		var object map[string]json.RawMessage
		if err := json.Unmarshal(text, &object); err != nil {
			return at, err
		}
		fields := fieldsOf(t)
		for _, name := range slices.Sorted(maps.Keys(object)) { // so that of several faults the same one is told each time
			path := strings.TrimPrefix(at+"."+name, ".")
			known, ok := fields[name]
			if !ok {
				return path, errNoField
			}
			if field, err := fault(object[name], known, path); err != nil {
				return field, err
			}
		}
		return "", nil
	}
	return at, json.Unmarshal(text, reflect.New(t).Interface())
}

// readsItself tells whether a type has a form of its own in JSON.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// fieldsOf is what each field of a struct is called in JSON, those of embedded structs among them.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" && f.IsExported() {
			fields[name] = f.Type
		}
	}
	return fields
}
