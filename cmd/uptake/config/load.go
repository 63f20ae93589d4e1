package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// FileName is the configuration file that is read when none is named and this one is there.
const FileName = "uptake.yaml"

// Errors are all mistakes of a configuration, each with its place.
type Errors []string

// Error writes one mistake a line.
func (e Errors) Error() string { return strings.Join(e, "\n") }

// Load reads the configuration. file is the path of a YAML file, or "" for uptake.yaml of the working directory, which
// need not exist. environ is os.Environ(); an empty variable counts as not set. The error is Errors with all mistakes
// found in both, or that of reading the file.
func Load(file string, environ []string) (*Config, error) {
	named := file != ""
	if !named {
		file = FileName
	}
	c := defaults()
	var mistakes Errors
	text, err := os.ReadFile(file)
	switch {
	case err == nil:
		mistakes = append(mistakes, c.readFile(file, text)...)
	case named || !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	mistakes = append(mistakes, c.readEnvironment(environ)...)
	mistakes = append(mistakes, c.Reports.missing()...)
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	if n := len([]rune(c.AdminPassword)); n > 0 && n < 12 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("The administrator's password has only %d characters", n))
	}
	return &c, nil
}

// readFile applies a YAML file: one mapping of settings to single values, or lists of them. The document is walked by
// hand, not decoded, because a decoder stops at the first mistake.
func (c *Config) readFile(file string, text []byte) (mistakes Errors) {
	parsed, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return Errors{fmt.Sprintf("%s:%s", file, syntaxError(err))}
	}
	seen := map[string]int{}
	for _, doc := range parsed.Docs {
		var pairs []*ast.MappingValueNode
		switch body := doc.Body.(type) {
		case nil:
			continue
		case *ast.MappingNode:
			pairs = body.Values
		case *ast.MappingValueNode:
			pairs = []*ast.MappingValueNode{body}
		case *ast.CommentGroupNode, *ast.NullNode:
			continue
		default:
			mistakes = append(mistakes, fmt.Sprintf("%s:%d: settings are written one a line, like `listen: 127.0.0.1:8080`", file, body.GetToken().Position.Line))
			continue
		}
		for _, pair := range pairs {
			key, line := pair.Key.GetToken().Value, pair.Key.GetToken().Position.Line
			place := fmt.Sprintf("%s:%d: %s", file, line, key)
			if first, again := seen[key]; again {
				mistakes = append(mistakes, fmt.Sprintf("%s is set a second time, it stands on line %d already", place, first))
				continue
			}
			seen[key] = line
			setting, found := find(func(s Setting) bool { return s.Key == key })
			if !found {
				mistakes = append(mistakes, place+" is no setting"+suggest(key, keys()))
				continue
			}
			value, err := scalar(pair.Value)
			if err == nil && value != "" {
				err = setting.set(c, value)
				c.note(setting, value, atLine(file, line))
			}
			if err != nil {
				mistakes = append(mistakes, place+": "+err.Error())
			}
		}
	}
	return mistakes
}

// scalar is the text of a single value, or the values of a list with commas between them.
func scalar(node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.NullNode:
		return "", nil
	case *ast.SequenceNode:
		var all []string
		for _, v := range n.Values {
			text, err := scalar(v)
			if err != nil {
				return "", err
			}
			all = append(all, text)
		}
		return strings.Join(all, ","), nil
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), nil
	case ast.ScalarNode:
		return node.GetToken().Value, nil // as it was written: off stays off, 0010 stays 0010
	}
	return "", errors.New("a single value is expected here")
}

// readEnvironment applies UPTAKE_ variables. Unknown ones are a warning, not a mistake: another program's
// variables may begin alike, and a newer version's may stand in a shared file.
func (c *Config) readEnvironment(environ []string) (mistakes Errors) {
	for _, variable := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, "UPTAKE_") || name == "UPTAKE_TESTDATA" || strings.HasPrefix(name, "UPTAKE_TEST_") {
			continue
		}
		setting, found := find(func(s Setting) bool { return s.Variable() == name })
		if !found {
			c.Warnings = append(c.Warnings, name+" is no variable of Uptake"+suggest(name, variables()))
			continue
		}
		if value == "" {
			continue
		}
		if err := setting.set(c, value); err != nil {
			mistakes = append(mistakes, name+": "+err.Error())
		}
		c.note(setting, value, name)
	}
	return mistakes
}

func find(is func(Setting) bool) (Setting, bool) {
	i := slices.IndexFunc(Settings, is)
	if i < 0 {
		return Setting{}, false
	}
	return Settings[i], true
}

func keys() (all []string) {
	for _, s := range Settings {
		all = append(all, s.Key)
	}
	return all
}

func variables() (all []string) {
	for _, s := range Settings {
		all = append(all, s.Variable())
	}
	return all
}

// syntaxError turns the parser's "[4:1] message" and its excerpt into "4: this is no YAML: message".
func syntaxError(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	var line, column int
	if n, _ := fmt.Sscanf(first, "[%d:%d]", &line, &column); n == 2 {
		_, message, _ := strings.Cut(first, "] ")
		return fmt.Sprintf("%d: this is no YAML: %s", line, message)
	}
	return " this is no YAML: " + first
}
