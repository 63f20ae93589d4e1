package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"uptake/adoption"
)

// Kind is what a record is about.
type Kind string

const (
	Assumptions Kind = "assumptions" // id Published; each revision is a version that was published
	Draft       Kind = "draft"       // of assumptions; id is the author
	Scenario    Kind = "scenario"
	Pilot       Kind = "pilot"
	Campaign    Kind = "campaign"
	Target      Kind = "target"
	Stage       Kind = "stage"
)

// Published is the id of the one record of Assumptions.
const Published = "company"

var kinds = []Kind{Assumptions, Draft, Scenario, Pilot, Campaign, Target, Stage}

// Bounds of an entry, in bytes.
const (
	MaxID     = 128
	MaxAuthor = 64
	MaxReason = 1000
	MaxBody   = 1 << 20
	// MaxRecords is how many records of one kind there may be, so that a list of them stays one answer.
	MaxRecords = 2000
)

// Record is one revision of a record. Nothing of it ever changes.
type Record struct {
	Kind     Kind            `json:"kind"`
	ID       string          `json:"id"`
	Revision uint64          `json:"revision"` // 1, 2, …
	At       time.Time       `json:"at"`       // UTC, whole milliseconds
	Author   string          `json:"author"`
	Reason   string          `json:"reason"`
	Body     json.RawMessage `json:"body,omitempty"` // a JSON object; nil in a History
}

// Entry is a revision to be appended.
type Entry struct {
	Kind   Kind
	ID     string
	Based  uint64 // the newest revision that the author has seen; 0 for a record that is new
	Author string
	Reason string // why, in the author's words; may be empty
	Body   json.RawMessage
}

// check refuses an entry that cannot be kept, and returns its body without idle spaces.
func (e Entry) check() (body []byte, err error) {
	if !slices.Contains(kinds, e.Kind) {
		return nil, adoption.Invalid("kind", fmt.Sprintf("There are no records of the kind %q.", string(e.Kind)))
	}
	for _, text := range []struct {
		field, value string
		least, most  int
	}{{"id", e.ID, 1, MaxID}, {"author", e.Author, 1, MaxAuthor}, {"reason", e.Reason, 0, MaxReason}} {
		if n := len(text.value); n < text.least || n > text.most {
			return nil, adoption.Invalid(text.field, fmt.Sprintf("This text has %d bytes. It needs %d to %d.", n, text.least, text.most))
		}
		if !printable(text.value) || strings.TrimSpace(text.value) != text.value {
			return nil, adoption.Invalid(text.field, "This text holds signs that cannot be printed, or begins or ends with a space.")
		}
	}
	if len(e.Body) > MaxBody {
		return nil, &adoption.Error{Code: adoption.TooLarge, Field: "body", Message: fmt.Sprintf("This record has %d bytes; at most %d are kept.", len(e.Body), MaxBody)}
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, e.Body); err != nil || !bytes.HasPrefix(compact.Bytes(), []byte("{")) {
		return nil, adoption.Invalid("body", "This record is no JSON object.")
	}
	return compact.Bytes(), nil
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Overtaken is the cause of a Conflict: somebody else has written since.
type Overtaken struct {
	Based  uint64
	Newest Record // without its body
}

func (o *Overtaken) Error() string {
	return fmt.Sprintf("based on revision %d, the newest is %d", o.Based, o.Newest.Revision)
}

// overtaken refuses an entry that does not know the newest revision.
func overtaken(e Entry, newest Record) error {
	if newest.Revision == 0 {
		return adoption.Invalid("based", fmt.Sprintf("There is no %s %q yet, so it cannot be changed. A new one is based on revision 0.", e.Kind, e.ID))
	}
	if e.Based > newest.Revision {
		return adoption.Invalid("based", fmt.Sprintf("There is no revision %d. The newest is %d.", e.Based, newest.Revision))
	}
	message := fmt.Sprintf("%s wrote revision %d on %s, and you began from revision %d. Nothing of yours was saved: look at what changed, and do it again from there.",
		newest.Author, newest.Revision, newest.At.Format("2006-01-02 at 15:04:05 UTC"), e.Based)
	if e.Based == 0 {
		message = fmt.Sprintf("There is one with this id already: %s wrote revision %d on %s. Nothing of yours was saved: choose another id, or change that one from revision %d.",
			newest.Author, newest.Revision, newest.At.Format("2006-01-02 at 15:04:05 UTC"), newest.Revision)
	}
	newest.Body = nil
	return &adoption.Error{Code: adoption.Conflict, Field: "based", Message: message, Err: &Overtaken{Based: e.Based, Newest: newest}}
}
