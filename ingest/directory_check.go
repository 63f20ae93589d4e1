package ingest

import (
	"fmt"
	"strings"
	"unicode"

	"uptake/adoption"
)

const (
	maxUnitID = 128 // bytes
	maxName   = 256
)

const unprintable = "it has characters that cannot be printed"

// A flaw is what is wrong with a line: in which column, and a phrase that says how.
type flaw struct{ field, reason string }

// fields reads the columns of a record; the first flaw is kept, so that a line is read to its end without a check
// after each column.
type fields struct {
	r     *record
	wrong *flaw
}

func (f *fields) fail(column, reason string) {
	if f.wrong == nil {
		f.wrong = &flaw{column, reason}
	}
}

// text is the value of a column: printable, of at most so many bytes, not empty if it is required.
func (f *fields) text(column string, most int, required bool) string {
	text := f.r.get(column)
	switch {
	case text == "" && required:
		f.fail(column, "it is empty")
	case len(text) > most:
		f.fail(column, fmt.Sprintf("it is longer than %d bytes", most))
	case !graphic(text):
		f.fail(column, unprintable)
	}
	return text
}

// id is text that others refer to: of white space it has the plain blank only, as the ids in events have.
func (f *fields) id(column string, most int) string {
	text := f.text(column, most, true)
	if !printableText(text) {
		f.fail(column, unprintable)
	}
	return text
}

// address is any text that a tool may call a person by: mostly a mail address, sometimes a bare user name.
func (f *fields) address(column string) string { return f.text(column, maxActor, true) }

// unit is the id of a unit of the company. root says whether the company itself may stand there.
func (f *fields) unit(column string, root bool) string {
	id := f.id(column, maxUnitID)
	if id == adoption.Company && root {
		return id
	}
	if reservedUnit(id) {
		f.fail(column, fmt.Sprintf("%q is a name with a meaning of its own in Uptake; give the unit another id", cut(id)))
	}
	return id
}

// tool is the id of a tool in lower case, as events write it.
func (f *fields) tool(column string) string {
	id := strings.ToLower(f.id(column, maxTool))
	if id == adoption.AllTools {
		f.fail(column, fmt.Sprintf("%q means all tools together; give the tool another id", id))
	}
	if len(id) > maxTool {
		f.fail(column, fmt.Sprintf("it is longer than %d bytes", maxTool))
	}
	return id
}

// day is a date, or missing where the column is empty.
func (f *fields) day(column string, missing adoption.Day) adoption.Day {
	text := f.r.get(column)
	if text == "" {
		return missing
	}
	day, err := adoption.ParseDay(text)
	if err != nil {
		f.fail(column, strings.ToValidUTF8(cutReason(err.Error()), ""))
	}
	return day
}

// firstDay is a date that has to be there.
func (f *fields) firstDay(column string) adoption.Day {
	if f.r.get(column) == "" {
		f.fail(column, "it is empty")
	}
	return f.day(column, 0)
}

func cutReason(reason string) string {
	if len(reason) <= 200 {
		return reason
	}
	return reason[:200] + "…"
}

func reservedUnit(id string) bool {
	switch id {
	case adoption.Company, adoption.Unassigned, adoption.External, adoption.AllTools:
		return true
	}
	return strings.HasSuffix(id, adoption.DirectSuffix) || strings.HasSuffix(id, adoption.RestSuffix)
}

// graphic tells whether text shows as text. Spreadsheets write hard blanks, too.
func graphic(text string) bool {
	for _, r := range text {
		if !unicode.IsGraphic(r) {
			return false
		}
	}
	return true
}
