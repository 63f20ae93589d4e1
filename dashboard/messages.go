package dashboard

import (
	"encoding/json"
	"fmt"
	"strings"
)

// messages is the catalogue of one language: every word that the pages say, by key. A text holds {name} where a
// value goes; a text that counts something has the forms "one" and "other", chosen by the value called n.
type messages struct {
	texts map[string]message
}

type message struct{ One, Other string }

// UnmarshalJSON reads a plain text, or an object with the forms one and other.
func (m *message) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &m.Other)
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	*m = message(forms)
	return nil
}

func loadMessages(language string) (*messages, error) {
	body, err := web.ReadFile("web/messages/" + language + ".json")
	if err != nil {
		return nil, fmt.Errorf("read the messages: %w", err)
	}
	m := &messages{}
	if err := json.Unmarshal(body, &m.texts); err != nil {
		return nil, fmt.Errorf("read the messages of %q: %w", language, err)
	}
	return m, nil
}

// text is the message of key with its values put in: pairs of a name and a value. A key that is missing shows as
// itself in brackets; a test walks all keys that templates and code name.
func (m *messages) text(key string, pairs ...any) string {
	msg, ok := m.texts[key]
	if !ok {
		return "[" + key + "]"
	}
	text := msg.Other
	replacements := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		name := fmt.Sprint(pairs[i])
		value := fmt.Sprint(pairs[i+1])
		if name == "n" && value == "1" && msg.One != "" {
			text = msg.One
		}
		replacements = append(replacements, "{"+name+"}", value)
	}
	return strings.NewReplacer(replacements...).Replace(text)
}

// has tells whether the catalogue knows the key.
func (m *messages) has(key string) bool { _, ok := m.texts[key]; return ok }
