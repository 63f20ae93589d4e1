package dashboard

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	textlanguage "golang.org/x/text/language"
)

// messages is the catalogue of one language: every word that the pages say, by key. A text holds {name} where a
// value goes; a text that counts something has the forms that the language has ("one", "few", "other" …), chosen by
// the value called n.
type messages struct {
	texts   map[string]message
	plural  textlanguage.Tag // whose rule chooses the form
	lacking *messages        // where a text is taken from that is missing here; nil in English
}

// message is a text by form; one that counts nothing has the form "other" alone.
type message map[string]string

const otherForm = "other"

var formNames = map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: otherForm}

// UnmarshalJSON reads a plain text, or an object of forms.
func (m *message) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*m = message{otherForm: text}
		return nil
	}
	forms := map[string]string{}
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	*m = forms
	return nil
}

// text is the message of key with its values put in: pairs of a name and a value. A key that is missing shows as
// itself in brackets; a test walks all keys that templates and code name.
func (m *messages) text(key string, pairs ...any) string {
	msg, ok := m.texts[key]
	if !ok && m.lacking != nil {
		return m.lacking.text(key, pairs...)
	}
	if !ok {
		return "[" + key + "]"
	}
	text := msg[otherForm]
	replacements := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		name := fmt.Sprint(pairs[i])
		value := fmt.Sprint(pairs[i+1])
		if name == "n" && len(msg) > 1 {
			if form, has := msg[m.formOf(value)]; has {
				text = form
			}
		}
		replacements = append(replacements, "{"+name+"}", value)
	}
	return strings.NewReplacer(replacements...).Replace(text)
}

// form is the message of key in the form for a whole number, with the places for its values still in it.
func (m *messages) form(key string, n float64) string {
	msg, ok := m.texts[key]
	switch {
	case !ok && m.lacking != nil:
		return m.lacking.form(key, n)
	case !ok:
		return "[" + key + "]"
	}
	if form, has := msg[m.formOf(strconv.FormatFloat(n, 'f', 0, 64))]; has {
		return form
	}
	return msg[otherForm]
}

// formOf is the name of the form for a whole number, however its thousands are set apart.
func (m *messages) formOf(number string) string {
	digits := make([]byte, 0, len(number))
	for i := range len(number) {
		if c := number[i]; c >= '0' && c <= '9' {
			digits = append(digits, c-'0')
		}
	}
	return formNames[plural.Cardinal.MatchDigits(m.plural, digits, len(digits), 0)]
}

// has tells whether the catalogue knows the key.
func (m *messages) has(key string) bool { _, ok := m.texts[key]; return ok }
