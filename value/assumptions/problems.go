package assumptions

import (
	"fmt"
	"strings"

	"uptake/adoption"
)

// Problem is one thing that is wrong, at the field's path ("tools.wiki.costs[2].currency").
type Problem struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// Problems are all things that are wrong with a document, in the document's order. As an error it is an adoption.Error
// about the first field (errors.As).
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Field + ": " + one.Reason
	}
	return strings.Join(lines, "\n")
}

// As gives the form of the whole house: the first field, and all reasons in one message.
func (p Problems) As(target any) bool {
	e, ok := target.(**adoption.Error)
	if !ok || len(p) == 0 {
		return false
	}
	*e = adoption.Invalid(p[0].Field, "Nothing was saved. "+strings.ReplaceAll(p.Error(), "\n", "; ")+".")
	return true
}

func (p *Problems) add(field, reason string, args ...any) {
	*p = append(*p, Problem{field, fmt.Sprintf(reason, args...)})
}

// err is nil where nothing is wrong: an empty list in an error would be none.
func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}
