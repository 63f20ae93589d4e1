//go:build linux && (amd64 || arm64)

package embedded

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// conn is one connection to the engine: one session, one statement at a time.
// Its holder is alone with it.
type conn struct {
	api      *capi
	handle   uintptr
	tag      string            // finds its running statement in system.processes
	base     map[string]string // settings every statement starts from
	settings map[string]string // settings in force now
	database string
}

// prepare brings the session to the database and the settings that the next
// statement wants. Only differences cost a statement. If it fails with a setting
// the engine refuses, the session's state is unknown: the caller throws it away.
func (c *conn) prepare(database string, wanted map[string]string) error {
	if database != "" && database != c.database {
		if _, err := c.run("USE "+quoteName(database), "Null", nil); err != nil {
			return err
		}
		c.database = database
	}
	target := c.base
	if len(wanted) > 0 {
		target = maps.Clone(c.base)
		maps.Copy(target, wanted)
		if comment := wanted[tagSetting]; comment != "" {
			target[tagSetting] = c.tag + comment
		}
	}
	if maps.Equal(target, c.settings) {
		return nil
	}
	var changes []string
	for name, value := range target {
		if now, ok := c.settings[name]; !ok || now != value {
			changes = append(changes, quoteName(name)+" = "+quoteText(value))
		}
	}
	for name := range c.settings {
		if _, ok := target[name]; !ok {
			changes = append(changes, quoteName(name)+" = DEFAULT")
		}
	}
	slices.Sort(changes)
	if _, err := c.run("SET "+strings.Join(changes, ", "), "Null", nil); err != nil {
		return &settingsError{err}
	}
	c.settings = target
	return nil
}

// settingsError marks a session that may have taken some of its settings.
type settingsError struct{ error }

func (e *settingsError) Unwrap() error { return e.error }

// run executes a statement and returns its whole output. For SELECT use stream:
// here everything is in memory at once.
func (c *conn) run(statement, format string, params []param) ([]byte, error) {
	result := c.api.call(c.api.query, c.handle, statement, format, params)
	defer c.api.destroy(result)
	return c.api.take(result)
}

// stream executes a SELECT and hands each piece of its output to send, until that
// returns false. It returns [errNotStreamable] if the engine can not stream this
// kind of statement; nothing has run then.
func (c *conn) stream(statement, format string, params []param, send func([]byte) bool) error {
	stream := c.api.call(c.api.streamQuery, c.handle, statement, format, params)
	defer c.api.destroy(stream)
	if _, err := c.api.take(stream); err != nil {
		return err
	}
	for {
		result := c.api.fetch(c.handle, stream)
		data, err := c.api.take(result)
		c.api.destroy(result)
		switch {
		case err != nil:
			return err
		case len(data) == 0:
			return nil
		case !send(data):
			c.api.stop(c.handle, stream)
			return nil
		}
	}
}

// settle clears away a statement that has failed or was killed. The library keeps it, with its
// locks and its line in system.processes, until the connection's next statement,
// and a DROP … SYNC of its table would wait until then.
func (c *conn) settle() {
	_, _ = c.run("SET "+tagSetting+" = "+quoteText(c.settings[tagSetting]), "Null", nil)
}

// quoteName quotes an identifier.
func quoteName(name string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(name) + "`"
}

// quoteText quotes a string literal.
func quoteText(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\x00", `\0`).Replace(text) + "'"
}

// killStatement ends whatever runs on the connection with this tag.
func killStatement(tag string) string {
	return fmt.Sprintf("KILL QUERY WHERE startsWith(Settings[%s], %s) ASYNC", quoteText(tagSetting), quoteText(tag))
}
