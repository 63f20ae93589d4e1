package mapping

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"uptake/adoption"
)

// Errors are all mistakes of mapping files, each with its file and line.
type Errors []string

// Error writes one mistake a line.
func (e Errors) Error() string { return strings.Join(e, "\n") }

// A reader reads one file. The document is walked by hand, not decoded, because a decoder stops at the first mistake.
type reader struct {
	file     string
	mistakes Errors
}

// Parse reads a mapping file. file is its path, for mistakes. All mistakes come at once.
func Parse(file string, text []byte) (*Mapping, Errors) {
	r := &reader{file: file}
	m := &Mapping{file: file, people: ordinary}
	if parsed := r.parse(text); parsed != nil {
		seen := false
		for _, doc := range parsed.Docs {
			switch doc.Body.(type) {
			case nil, *ast.CommentGroupNode, *ast.NullNode:
				continue
			}
			if seen {
				r.wrong(line(doc.Body), "a mapping is one document; remove the `---` before this line")
				continue
			}
			seen = true
			r.document(m, doc.Body)
		}
	}
	if len(r.mistakes) > 0 {
		return nil, r.mistakes
	}
	m.index()
	return m, nil
}

// parse is the file as a tree. The parser is not ours: whatever it stumbles over is a mistake of one file, and no end
// of a server that was about to read it again.
func (r *reader) parse(text []byte) (parsed *ast.File) {
	defer func() {
		if stumbled := recover(); stumbled != nil {
			parsed = nil
			r.mistakes = append(r.mistakes, r.file+": this is no YAML")
		}
	}()
	parsed, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		var line, column int
		if n, _ := fmt.Sscanf(first, "[%d:%d]", &line, &column); n == 2 {
			_, message, _ := strings.Cut(first, "] ")
			r.wrong(line, "this is no YAML: %s", message)
		} else {
			r.mistakes = append(r.mistakes, r.file+": this is no YAML: "+first)
		}
		return nil
	}
	return parsed
}

func (r *reader) wrong(line int, format string, args ...any) {
	r.mistakes = append(r.mistakes, fmt.Sprintf("%s:%d: ", r.file, line)+fmt.Sprintf(format, args...))
}

// key is a key that may stand in a place, and what reads its value.
type key struct {
	name string
	read func(at int, value ast.Node)
}

func (r *reader) document(m *Mapping, body ast.Node) {
	r.each(body, "a mapping is written like `tool: wiki`, with `events:` and a list of rules", []key{
		{"tool", r.text(func(at int, text string) { m.tool = r.tool(at, text) })},
		{"actor", r.text(func(at int, text string) { m.actor = r.path(at, "actor", text) })},
		{"unknown", r.text(func(at int, text string) {
			if text != "keep" && text != "ignore" {
				r.wrong(at, "unknown: %q: write keep or ignore%s", text, suggest(text, "keep", "ignore"))
			}
			m.ignoreUnknown = text == "ignore"
		})},
		{"people", func(_ int, value ast.Node) { m.people = r.peopleSection(value) }},
		{"events", func(at int, value ast.Node) {
			list, is := value.(*ast.SequenceNode)
			if !is {
				r.wrong(at, "events: a list of rules is expected here, each like `- name: Page Edited`")
				return
			}
			if len(list.Values) > maxRules {
				r.wrong(at, "events: a mapping may have %d rules at most", maxRules)
				return
			}
			for _, node := range list.Values {
				m.rules = append(m.rules, r.rule(node))
			}
			r.reachable(m.rules)
		}},
	})
}

// each reads the keys of a YAML mapping.
func (r *reader) each(node ast.Node, otherwise string, keys []key) {
	pairs, is := pairsOf(node)
	if !is {
		r.wrong(line(node), "%s", otherwise)
		return
	}
	seen := map[string]int{}
	for _, pair := range pairs {
		name, at := pair.Key.GetToken().Value, line(pair.Key)
		if first, again := seen[name]; again {
			r.wrong(at, "%s stands a second time, it is on line %d already", name, first)
			continue
		}
		seen[name] = at
		names := make([]string, len(keys))
		known := false
		for i, k := range keys {
			if names[i] = k.name; k.name == name {
				k.read(at, pair.Value)
				known = true
			}
		}
		if !known {
			r.wrong(at, "%q is not known here%s; known are %s", name, suggest(name, names...), strings.Join(names, ", "))
		}
	}
}

func pairsOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// text reads a single value that must not be empty.
func (r *reader) text(take func(at int, text string)) func(int, ast.Node) {
	return func(at int, node ast.Node) {
		text, is := scalar(node)
		switch {
		case !is:
			r.wrong(at, "a single value is expected here")
		case strings.TrimSpace(text) == "":
			r.wrong(at, "the value is missing")
		default:
			take(at, strings.TrimSpace(text))
		}
	}
}

// scalar is a single value as it was written: 0010 stays 0010, off stays off.
func scalar(node ast.Node) (text string, is bool) {
	switch n := node.(type) {
	case *ast.NullNode:
		return "", true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return node.GetToken().Value, true
	}
	return "", false
}

func line(node ast.Node) int {
	if t := node.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

// suggest is ", did you mean X?" for the known word that is closest to the one written, or "".
func suggest(written string, known ...string) string {
	if word := adoption.Closest(written, known); word != "" {
		return ", did you mean " + word + "?"
	}
	return ""
}
