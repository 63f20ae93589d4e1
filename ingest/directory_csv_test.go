package ingest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

var letters = []column{{"a", true}, {"b", true}, {"c", false}}

// read is what a sheet holds: "line: a|b|c" or "line! problem".
func read(t *testing.T, text string) []string {
	t.Helper()
	s, err := openSheet(text, letters)
	require.NoError(t, err)
	var all []string
	for r, ok := s.next(); ok; r, ok = s.next() {
		number := string(rune('0' + r.line))
		if r.problem != "" {
			all = append(all, number+"! "+r.problem)
			continue
		}
		all = append(all, number+": "+r.get("a")+"|"+r.get("b")+"|"+r.get("c"))
	}
	return all
}

func TestSheetReadsWhatSpreadsheetsWrite(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"plain":                         {"a,b\n1,2\n3,4\n", []string{"2: 1|2|", "3: 3|4|"}},
		"no line feed at the end":       {"a,b\n1,2", []string{"2: 1|2|"}},
		"only a header":                 {"a,b\n", nil},
		"any order, any case":           {" C ,B,a\n1,2,3\n", []string{"2: 3|2|1"}},
		"byte order mark":               {"\ufeffa,b\n1,2\n", []string{"2: 1|2|"}},
		"CRLF":                          {"a,b,c\r\n1,2,3\r\n4,5,6\r\n", []string{"2: 1|2|3", "3: 4|5|6"}},
		"CRLF behind a quote":           {"a,b\r\n1,\"2\"\r\n3,\"4\"\r", []string{"2: 1|2|", "3: 3|4|"}},
		"semicolons":                    {"a;b;c\n1,5;2;x\n", []string{"2: 1,5|2|x"}},
		"quoted header":                 {"\"a\";\"b\"\n\"1\";2\n", []string{"2: 1|2|"}},
		"quotes hold commas and quotes": {"a,b\n\"1,\"\"x\"\"\",\"\"\n", []string{"2: 1,\"x\"||"}},
		"quotes hold line breaks":       {"a,b\n\"1\n2\",3\n4,5\n", []string{"2: 1\n2|3|", "4: 4|5|"}},
		"a quote inside is a character": {"a,b\n12\" disk,x\n", []string{"2: 12\" disk|x|"}},
		"blank lines count":             {"\n\na,b\n\n  \n,\n1,2\n\n", []string{"7: 1|2|"}},
		"spaces around":                 {"a,b\n  1 ,\u00a02\t\n", []string{"2: 1|2|"}},
		"empty fields too many":         {"a,b\n1,2,,\n", []string{"2: 1|2|"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, read(t, c.text)) })
	}
}

func TestABadLineCostsItselfOnly(t *testing.T) {
	long := strings.Repeat("x", maxRecord)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"too few fields":          {"a,b,c\n1,2\n3,4,5\n", []string{"2! the line has 2 fields, the header has 3", "3: 3|4|5"}},
		"too many fields":         {"a,b\n1,2,3\n3,4\n", []string{"2! the line has 3 fields, the header has 2", "3: 3|4|"}},
		"quote never closed":      {"a,b\n\"1,2\n3,4\n", []string{"2! a quote is opened and never closed", "3: 3|4|"}},
		"quote closed lines down": {"a,b\n\"1,2\n3,4\n\"5\",6\n", []string{"2! there is text behind a closing quote", "3: 3|4|", "4: 5|6|"}},
		"text behind a quote":     {"a,b\n\"1\"x,2\n3,4\n", []string{"2! there is text behind a closing quote", "3: 3|4|"}},
		"not UTF-8":               {"a,b\nM\xfcller,2\n3,4\n", []string{"2! the line is not valid UTF-8; save the file as CSV UTF-8", "3: 3|4|"}},
		"far too long":            {"a,b\n" + long + ",2\n3,4\n", []string{"2! the line is longer than 65536 bytes", "3: 3|4|"}},
		"far too long, quoted":    {"a,b\n\"" + long + "\",2\n3,4\n", []string{"2! a quote is opened and never closed", "3: 3|4|"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, read(t, c.text)) })
	}
}

func TestAHeaderThatIsWrongRefusesTheFile(t *testing.T) {
	for name, c := range map[string]struct{ text, field, says string }{
		"empty":           {"", "a", "The file is empty"},
		"only blank":      {" \n\r\n", "a", "The file is empty"},
		"unknown":         {"a,b,Surname\n", "surname", `The column "surname" is not known. The columns are: a,b,[c].`},
		"missing":         {"a,c\n", "b", `The column "b" is missing`},
		"twice":           {"a,b,A\n", "a", "twice"},
		"without a name":  {"a,b,\n", "", "Column 3 of the header has no name"},
		"no header":       {"1,2\n3,4\n", "1", "not known"},
		"UTF-16":          {"\xff\xfea\x00", "", "UTF-16"},
		"a broken quote":  {"\"a,b\n", "", "The header in line 1 cannot be read"},
		"not UTF-8":       {"a,b\xfc\n", "", "not valid UTF-8"},
		"an endless name": {strings.Repeat("é", 1000) + "\n", strings.Repeat("é", 32) + "…", "not known"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := openSheet(c.text, letters)
			var e *adoption.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, adoption.Unprocessable, e.Code)
			assert.Equal(t, c.field, e.Field)
			assert.Contains(t, e.Message, c.says)
		})
	}
}

// FuzzSheet looks for text on which reading does not end, loses its place or breaks.
func FuzzSheet(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a;b\r\n\"1\n\";2\r\n", "\ufeffa,b\n\"\"\"\n", "a,b\n\"x\"\"y\n", "\n,\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := openSheet("a,b\n"+text, letters)
		if err != nil {
			t.Skip() // the seed changed the comma of the header
		}
		last := 1
		for r, ok := s.next(); ok; r, ok = s.next() {
			if r.line <= last || r.line > 2+strings.Count(text, "\n") {
				t.Fatalf("line %d after line %d", r.line, last)
			}
			last = r.line
			if r.problem == "" {
				r.get("a")
				r.get("c")
			}
		}
	})
}
