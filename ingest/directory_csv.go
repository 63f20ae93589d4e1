package ingest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"uptake/adoption"
)

// maxRecord bounds how many bytes one record may have. A quote that is never closed costs its own line then,
// not the rest of the file.
const maxRecord = 64 << 10

// A column of a directory file. Required ones must be in the header; whether a value may be empty is for the
// reader of the line to say.
type column struct {
	name     string
	required bool
}

// A sheet is a CSV file with a header: comma or semicolon between fields, fields in double quotes where needed,
// LF or CRLF, lines that hold nothing left out.
//
// encoding/csv is not used because a stray quote makes it swallow the lines behind it: here a bad line costs
// itself only, and every record knows the line of the file that it begins on.
type sheet struct {
	rest    string // what was not read yet
	line    int    // number of the first line of rest, from 1
	comma   byte
	columns map[string]int // the place of each column of the header
	width   int
	fields  []string
}

// A record is one line of a sheet (more than one where a quoted field holds line breaks). It is valid until the
// next is read.
type record struct {
	line    int
	fields  []string
	columns map[string]int
	comma   byte
	problem string // why the line cannot be read at all, or empty
}

// get is the trimmed text of a column, empty where the file does not have it.
func (r *record) get(column string) string {
	i, ok := r.columns[column]
	if !ok {
		return ""
	}
	return strings.TrimSpace(r.fields[i])
}

// openSheet reads the header. The error is Unprocessable and names the column at fault.
func openSheet(text string, columns []column) (*sheet, error) {
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		return nil, unreadable("", "The file is in UTF-16. Save it as CSV UTF-8 and send it again; nothing was imported.")
	}
	s := &sheet{rest: strings.TrimPrefix(text, "\ufeff"), line: 1}
	s.comma = commaOf(s.rest)
	header, ok := s.record()
	for ok && header.problem == "" && header.blank() {
		header, ok = s.record()
	}
	if !ok {
		return nil, unreadable(columns[0].name, "The file is empty. Its first line must name the columns: "+names(columns)+".")
	}
	if header.problem != "" {
		return nil, unreadable("", fmt.Sprintf("The header in line %d cannot be read: %s.", header.line, header.problem))
	}
	return s, s.setColumns(header.fields, columns)
}

// commaOf tells from the first line with text what stands between the fields: spreadsheets of countries with a
// decimal comma write semicolons.
func commaOf(text string) byte {
	text = strings.TrimLeft(text, " \t\r\n")
	header := text[:firstLine(text)]
	if strings.Count(header, ";") > strings.Count(header, ",") {
		return ';'
	}
	return ','
}

func (s *sheet) setColumns(header []string, columns []column) error {
	s.columns, s.width = map[string]int{}, len(header)
	for i, text := range header {
		name := strings.ToLower(strings.TrimSpace(text))
		switch {
		case name == "":
			return unreadable("", fmt.Sprintf("Column %d of the header has no name. The columns are: %s.", i+1, names(columns)))
		case !slices.ContainsFunc(columns, func(c column) bool { return c.name == name }):
			return unreadable(cut(name), fmt.Sprintf("The column %q is not known. The columns are: %s.", cut(name), names(columns)))
		}
		if _, twice := s.columns[name]; twice {
			return unreadable(name, fmt.Sprintf("The column %q is there twice.", name))
		}
		s.columns[name] = i
	}
	for _, c := range columns {
		if _, ok := s.columns[c.name]; c.required && !ok {
			return unreadable(c.name, fmt.Sprintf("The column %q is missing. The columns are: %s.", c.name, names(columns)))
		}
	}
	return nil
}

// next is the next record that holds anything; ok is false at the end.
func (s *sheet) next() (r record, ok bool) {
	for {
		r, ok = s.record()
		if !ok {
			return r, false
		}
		if r.problem == "" && r.blank() {
			continue
		}
		r.columns, r.comma = s.columns, s.comma
		if r.problem == "" {
			r.problem = s.fit(&r)
		}
		return r, true
	}
}

// fit checks the number of fields. Empty ones too many are cut off: spreadsheets write them.
func (s *sheet) fit(r *record) string {
	for len(r.fields) > s.width && strings.TrimSpace(r.fields[len(r.fields)-1]) == "" {
		r.fields = r.fields[:len(r.fields)-1]
	}
	if len(r.fields) != s.width {
		return fmt.Sprintf("the line has %d fields, the header has %d", len(r.fields), s.width)
	}
	return ""
}

func (r *record) blank() bool {
	return !slices.ContainsFunc(r.fields, func(f string) bool { return strings.TrimSpace(f) != "" })
}

// record reads on. After a line that cannot be read it goes on with the line behind it.
func (s *sheet) record() (record, bool) {
	if s.rest == "" {
		return record{}, false
	}
	r := record{line: s.line}
	length, problem := s.split()
	text := s.rest[:length]
	if problem == "" && !utf8.ValidString(text) {
		problem = "the line is not valid UTF-8; save the file as CSV UTF-8"
	}
	r.fields, r.problem = s.fields, problem
	s.rest = s.rest[length:]
	s.line += max(1, strings.Count(text, "\n"))
	return r, true
}

// split cuts the first record of rest into s.fields and says how many bytes it has. With a problem these are the
// bytes of the first line only.
func (s *sheet) split() (length int, problem string) {
	s.fields = s.fields[:0]
	text := s.rest[:min(len(s.rest), maxRecord)]
	for at := 0; ; {
		field, end, problem := s.field(text, at)
		if problem == "" && end == len(text) && len(text) < len(s.rest) {
			problem = fmt.Sprintf("the line is longer than %d bytes", maxRecord)
		}
		if problem != "" {
			return firstLine(s.rest), problem
		}
		s.fields = append(s.fields, field)
		switch {
		case end == len(text):
			return end, ""
		case text[end] == '\n':
			return end + 1, ""
		}
		at = end + 1
	}
}

// field reads the field that begins at a place of text. end is the place of the comma or line feed behind it, or
// the end of text.
func (s *sheet) field(text string, at int) (field string, end int, problem string) {
	if at == len(text) || text[at] != '"' {
		end = at
		for end < len(text) && text[end] != s.comma && text[end] != '\n' {
			end++
		}
		return strings.TrimSuffix(text[at:end], "\r"), end, ""
	}
	begin := at + 1
	for end = begin; ; end++ {
		quote := strings.IndexByte(text[end:], '"')
		if quote < 0 {
			return "", 0, "a quote is opened and never closed"
		}
		end += quote
		if end+1 < len(text) && text[end+1] == '"' {
			end++
			continue
		}
		field = strings.ReplaceAll(text[begin:end], `""`, `"`)
		end++
		if strings.HasPrefix(text[end:], "\r\n") || text[end:] == "\r" {
			end++
		}
		if end == len(text) || text[end] == s.comma || text[end] == '\n' {
			return field, end, ""
		}
		return "", 0, "there is text behind a closing quote"
	}
}

func firstLine(text string) int {
	if end := strings.IndexByte(text, '\n'); end >= 0 {
		return end + 1
	}
	return len(text)
}

func names(columns []column) string {
	var all []string
	for _, c := range columns {
		if c.required {
			all = append(all, c.name)
		} else {
			all = append(all, "["+c.name+"]")
		}
	}
	return strings.Join(all, ",")
}

// cut shortens what a sender wrote to what an answer may repeat.
func cut(text string) string {
	if len(text) <= 64 {
		return text
	}
	return strings.ToValidUTF8(text[:64], "") + "…"
}

func unreadable(field, message string) error {
	return &adoption.Error{Code: adoption.Unprocessable, Field: field, Message: message}
}
