package dashboard

import (
	"bytes"
	"context"
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
	if field := unknownField(text, reflect.TypeOf(into), ""); field != "" {
		return adoption.Invalid(field, "There is no such field.")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(into); err != nil {
		return badJSON(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return adoption.Invalid("body", "Something follows after the end of the JSON value.")
	}
	return nil
}

// badJSON says what is wrong with a body.
func badJSON(err error) error {
	var wrong *json.UnmarshalTypeError
	var own *adoption.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &wrong) && wrong.Field != "":
		return &adoption.Error{Code: adoption.InvalidParameter, Field: wrong.Field, Message: fmt.Sprintf("A JSON %s cannot stand here.", wrong.Value), Err: err}
	}
	return &adoption.Error{Code: adoption.InvalidParameter, Field: "body", Message: "The body is not the JSON that belongs here: " + err.Error() + "."}
}

// unknownField is the path of the first field of a JSON text that a type does not have, "" for none. What is no JSON,
// or of another kind than the type, is left to whoever decodes it.
func unknownField(text []byte, t reflect.Type, at string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Implements(reflect.TypeFor[json.Unmarshaler]()) || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return ""
	}
	switch t.Kind() {
	case reflect.Slice:
		var list []json.RawMessage
		_ = json.Unmarshal(text, &list)
		for i, one := range list {
			if field := unknownField(one, t.Elem(), fmt.Sprintf("%s[%d]", at, i)); field != "" {
				return field
			}
		}
	case reflect.Struct:
		var object map[string]json.RawMessage
		_ = json.Unmarshal(text, &object)
		fields := fieldsOf(t)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			path := strings.TrimPrefix(at+"."+name, ".")
			known, ok := fields[name]
			if !ok {
				return path
			}
			if field := unknownField(object[name], known, path); field != "" {
				return field
			}
		}
	}
	return ""
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
