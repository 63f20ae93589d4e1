//go:build linux && (amd64 || arm64)

package embedded

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"

	"golang.org/x/sys/unix"
)

// call is one statement with all that belongs to it.
type call struct {
	statement string
	format    string
	database  string
	settings  map[string]string
	params    []param
	rows      *os.File // the body of an INSERT
}

// newCall reads a request: the statement is in the body, or in the parameter
// "query" if the body holds the rows of an INSERT.
func newCall(req *http.Request) (*call, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	if strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/") {
		return nil, errMultipart
	}
	values := req.URL.Query()
	c := &call{format: values.Get("default_format"), database: values.Get("database"), statement: values.Get("query")}
	if c.format == "" {
		c.format = "Native"
	}
	c.readParameters(values)
	if c.statement != "" {
		return c, c.readRows(req.Body)
	}
	statement, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("read the statement: %w", err)
	}
	c.statement = string(statement)
	if insertRows.MatchString(c.statement) {
		return c, c.readRows(strings.NewReader(""))
	}
	return c, nil
}

// insertRows takes an INSERT with a FORMAT apart: what comes before the settings,
// the settings, the format, and rows that stand behind it in the same text. In the
// engine's grammar FROM INFILE has its place before the settings.
var insertRows = regexp.MustCompile(`(?is)^(` + gap + `*INSERT\s+INTO\s+(?:TABLE\s+)?` + name + `(?:\.` + name + `)?` +
	`\s*(?:\((?:[^()]|\([^()]*\))*\))?)\s*\b(SETTINGS\s.*?)?\s*\bFORMAT\s+(\w+)(?:;?\s*$|[ \t]*\r?\n|[ \t]+)(.*)$`)

const (
	gap  = "(?:\\s|--[^\n]*(?:\n|$)|/\\*.*?\\*/)" // white space and comments
	name = "(?:`[^`]+`|\"[^\"]+\"|\\w+)"
)

var errRows = errors.New("a statement with rows behind it must be INSERT INTO table (columns) FORMAT name")

// readRows puts the rows of an INSERT into a file in memory and makes the engine
// read them from there. Behind the statement, where a server takes them, the
// engine would look for further statements in them, and cut them at some newline.
func (c *call) readRows(body io.Reader) error {
	match := insertRows.FindStringSubmatch(c.statement)
	if match == nil {
		return errRows
	}
	fd, err := unix.MemfdCreate("uptake-insert", unix.MFD_CLOEXEC)
	if err != nil {
		return fmt.Errorf("make a file in memory for the rows: %w", err)
	}
	c.rows = os.NewFile(uintptr(fd), "rows")
	if _, err := io.Copy(c.rows, io.MultiReader(strings.NewReader(match[4]), body)); err != nil {
		c.free()
		return fmt.Errorf("read the rows: %w", err)
	}
	c.statement = fmt.Sprintf("%s FROM INFILE '/proc/self/fd/%d' %s FORMAT %s", match[1], fd, match[2], match[3])
	return nil
}

// free closes the rows; the call cannot run afterwards.
func (c *call) free() {
	if c.rows != nil {
		_ = c.rows.Close()
		c.rows = nil
	}
}

var selects = regexp.MustCompile(`(?is)^(?:` + gap + `|\()*(SELECT|WITH)\b`)

// streamable guesses whether the statement is a SELECT. A wrong yes costs one
// refused attempt (see notStreamable), a wrong no the memory for the whole result.
func (c *call) streamable() bool { return c.rows == nil && selects.MatchString(c.statement) }

// notStreamable tells that the engine refused to stream before it ran anything,
// as it does with WITH … INSERT. The code, BAD_ARGUMENTS, says too little.
func notStreamable(err error) bool {
	var failed *exception
	const badArguments = 36
	return errors.As(err, &failed) && failed.code == badArguments &&
		strings.Contains(failed.text, "Streaming query is not supported")
}

var sessionStatement = regexp.MustCompile(`(?is)^` + gap + `*(SET|USE|CREATE\s+(OR\s+REPLACE\s+)?TEMPORARY)\b`)

// changesSession tells that the statement leaves something behind in its session.
// Over HTTP that ends with the request; here the connection is thrown away, or
// some later statement of someone else would find it.
func (c *call) changesSession() bool { return sessionStatement.MatchString(c.statement) }
