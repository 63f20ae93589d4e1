package mapping

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// Bounds of what a file may hold; of the texts, in bytes.
const (
	maxRules = 2000
	maxText  = 256 // a name or a path
	maxWord  = 64  // a tool, an action, a type
)

// rule reads one rule.
func (r *reader) rule(node ast.Node) (out rule) {
	out.line = line(node)
	before := len(r.mistakes)
	named, others := false, ""
	// what notes which key other than name and when stands in the rule.
	what := func(name string, read func(int, ast.Node)) key {
		return key{name, func(at int, value ast.Node) { others = name; read(at, value) }}
	}
	path := func(name string, into *string) key {
		return what(name, r.text(func(at int, text string) { *into = r.path(at, name, text) }))
	}
	r.each(node, "a rule is written like `- name: Page Edited`, with `action: edit` below it", []key{
		{"name", r.text(func(at int, text string) { named = true; r.name(at, text, &out) })},
		{"when", func(at int, value ast.Node) {
			r.pairs(at, "when", value, func(at int, path, value string) {
				out.when = append(out.when, condition{r.path(at, "when", path), value})
			})
		}},
		{"ignore", r.text(func(at int, text string) {
			if text != "true" && text != "false" {
				r.wrong(at, "ignore: %q: write true or false", text)
			}
			out.ignore = text == "true"
		})},
		what("action", r.text(func(at int, text string) { out.action = r.word(at, "action", text) })),
		what("class", r.text(func(at int, text string) { out.class = r.class(at, text) })),
		what("tool", r.text(func(at int, text string) { out.tool = r.tool(at, text) })),
		path("tool_from", &out.toolFrom),
		path("object_from", &out.object),
		what("object_type", r.text(func(at int, text string) { out.objectType = r.word(at, "object_type", text) })),
		path("container_from", &out.container),
		path("counterparts_from", &out.counterparts),
		path("quantity_from", &out.quantity),
		path("duration_s_from", &out.duration),
		what("attributes", func(at int, value ast.Node) {
			r.pairs(at, "attributes", value, func(at int, name, path string) {
				out.attributes = append(out.attributes, attribute{[]byte(name), r.path(at, "attributes", path)})
			})
			if len(out.attributes) > wire.MaxAttributes {
				r.wrong(at, "attributes: an event may have %d of them at most", wire.MaxAttributes)
			}
		}),
	})
	if len(r.mistakes) > before {
		return out
	}
	switch {
	case !named:
		r.wrong(out.line, "the rule has no name: write `name:` and what the client calls the event")
	case out.ignore && others != "":
		r.wrong(out.line, "the rule ignores the event, so %s has no effect: remove it, or ignore", others)
	case out.ignore:
	case out.action == nil:
		r.wrong(out.line, "the rule has no action: write `action:` and one of %s; or `ignore: true`", strings.Join(adoption.Actions(), ", "))
	case out.class == nil && actions[string(out.action)] == nil:
		r.wrong(out.line, "action: %q is not known%s; known are %s. Another word needs a class beside it: %s", out.action,
			suggest(string(out.action), adoption.Actions()...), strings.Join(adoption.Actions(), ", "), classes())
	case out.tool != nil && out.toolFrom != "":
		r.wrong(out.line, "the rule has both tool and tool_from: write one of them; where tool_from finds nothing, the mapping's own tool counts")
	}
	return out
}

// name reads the pattern of a rule.
func (r *reader) name(at int, text string, out *rule) {
	name, prefix := strings.CutSuffix(text, "*")
	out.prefix = prefix
	if strings.Contains(name, "*") {
		r.wrong(at, "name: %q: a * may stand at the end only, for any rest", text)
	}
	r.bounded(at, "name", text, maxText)
	out.name = string(fold(nil, []byte(name)))
	if prefix { // the space before the * belongs to the pattern
		out.name += name[len(strings.TrimRight(name, " ")):]
	}
	out.stored = string(fold(nil, AppendName(nil, []byte(name))))
}

// pairs reads a YAML mapping of texts to texts.
func (r *reader) pairs(at int, key string, node ast.Node, take func(at int, name, value string)) {
	pairs, is := pairsOf(node)
	if !is {
		r.wrong(at, "%s: names with a value each are expected here, like `%s: {properties.kind: draft}`", key, key)
		return
	}
	var seen []string
	for _, pair := range pairs {
		name, at := pair.Key.GetToken().Value, line(pair.Key)
		value, is := scalar(pair.Value)
		switch {
		case slices.Contains(seen, name):
			r.wrong(at, "%s: %s stands a second time", key, name)
		case !is || value == "":
			r.wrong(at, "%s: %s: a single value is expected here", key, name)
		default:
			r.bounded(at, key, name, maxText)
			r.bounded(at, key, value, maxText)
			take(at, name, value)
		}
		seen = append(seen, name)
	}
}

func (r *reader) tool(at int, text string) []byte {
	tool := r.word(at, "tool", text)
	if string(tool) == adoption.AllTools {
		r.wrong(at, "tool: %q means all tools together; give the tool another name", text)
	}
	return tool
}

func (r *reader) class(at int, text string) []byte {
	if !slices.Contains(adoption.Classes(), adoption.Class(text)) {
		r.wrong(at, "class: %q is no class%s; there are %s", text, suggest(text, strings.Split(classes(), ", ")...), classes())
	}
	return []byte(text)
}

// word reads a short name, which is in lower case in Uptake.
func (r *reader) word(at int, key, text string) []byte {
	r.bounded(at, key, text, maxWord)
	return []byte(strings.ToLower(text))
}

// path reads where a field stands.
func (r *reader) path(at int, key, text string) string {
	r.bounded(at, key, text, maxText)
	return text
}

func (r *reader) bounded(at int, key, text string, most int) {
	switch {
	case len(text) > most:
		r.wrong(at, "%s: it may have %d bytes at most", key, most)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }):
		r.wrong(at, "%s: it holds characters that cannot be printed", key)
	}
}

func classes() string {
	var all []string
	for _, class := range adoption.Classes() {
		all = append(all, string(class))
	}
	return strings.Join(all, ", ")
}

// reachable finds rules that nothing can ever come to: the first that fits wins.
func (r *reader) reachable(rules []rule) {
	for i := range rules {
		late := &rules[i]
		for j := range rules[:i] {
			early := &rules[j]
			covers := early.name == late.name && early.prefix == late.prefix || early.prefix && strings.HasPrefix(late.name, early.name)
			if covers && len(early.when) == 0 && (early.name != "" || early.prefix) {
				r.wrong(late.line, "the rule is never reached: the one on line %d takes all of these events; put it behind this one", early.line)
				break
			}
		}
	}
}

// index makes the rules quick to find.
func (m *Mapping) index() {
	m.exact = map[string][]int{}
	for i := range m.rules {
		if m.rules[i].prefix {
			m.prefixes = append(m.prefixes, i)
		} else {
			m.exact[m.rules[i].name] = append(m.exact[m.rules[i].name], i)
		}
	}
}
