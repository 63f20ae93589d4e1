package access

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"uptake/adoption"
)

// Groups say what the groups of a provider of sign-ins may here.
type Groups struct {
	Claim string // of the provider's token, which lists a person's groups: "groups" where the file names no other
	rules []groupRule
}

type groupRule struct {
	group string
	roles []Role
	units []string
}

// Rights are the roles and units of somebody who is in these groups: those of all rules together. No roles: the person
// may nothing here.
func (g *Groups) Rights(groups []string) (roles []Role, units []string) {
	for _, rule := range g.rules {
		if slices.Contains(groups, rule.group) {
			roles, units = append(roles, rule.roles...), append(units, rule.units...)
		}
	}
	slices.Sort(roles)
	slices.Sort(units)
	return slices.Compact(roles), slices.Compact(units)
}

// Units are all units that rules name, by id.
func (g *Groups) Units() []string {
	var all []string
	for _, rule := range g.rules {
		all = append(all, rule.units...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// GroupErrors are all mistakes of a file of groups, each with its file and line.
type GroupErrors []string

// Error writes one mistake a line.
func (e GroupErrors) Error() string { return strings.Join(e, "\n") }

// ParseGroups reads a file of groups:
//
//	claim: groups
//	groups:
//	  - group: sales-managers
//	    roles: [lead]
//	    units: [sales]
//
// file is its path, for mistakes: the error is GroupErrors with all of them.
func ParseGroups(file string, text []byte) (*Groups, error) {
	r := &groupReader{file: file}
	g := &Groups{Claim: "groups"}
	if body := r.parse(text); body != nil {
		r.document(g, body)
	}
	if len(r.mistakes) > 0 {
		return nil, r.mistakes
	}
	return g, nil
}

// A groupReader walks the document by hand, because a decoder stops at the first mistake.
type groupReader struct {
	file     string
	mistakes GroupErrors
}

func (r *groupReader) wrong(node ast.Node, format string, args ...any) {
	r.mistakes = append(r.mistakes, fmt.Sprintf("%s:%d: ", r.file, node.GetToken().Position.Line)+fmt.Sprintf(format, args...))
}

// parse is the one document of the file, nil where it cannot be read.
func (r *groupReader) parse(text []byte) (body ast.Node) {
	parsed, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, message := 1, err.Error()
		if first, rest, found := strings.Cut(message, "] "); found {
			_, _ = fmt.Sscanf(first, "[%d:", &line)
			message, _, _ = strings.Cut(rest, "\n")
		}
		r.mistakes = append(r.mistakes, fmt.Sprintf("%s:%d: this is no YAML: %s", r.file, line, message))
		return nil
	}
	for _, doc := range parsed.Docs {
		switch doc.Body.(type) {
		case nil, *ast.CommentGroupNode, *ast.NullNode:
			continue
		}
		if body != nil {
			r.wrong(doc.Body, "the file is one document; remove the `---` before this line")
			return nil
		}
		body = doc.Body
	}
	if body == nil {
		r.mistakes = append(r.mistakes, r.file+":1: groups: is missing: without a rule nobody could sign in")
	}
	return body
}

func (r *groupReader) document(g *Groups, body ast.Node) {
	listed := false
	r.each(body, map[string]func(ast.Node){
		"claim": func(value ast.Node) { g.Claim = r.text("claim", value) },
		"groups": func(value ast.Node) {
			listed = true
			list, is := value.(*ast.SequenceNode)
			if !is || len(list.Values) == 0 {
				r.wrong(value, "groups: a list of rules is expected here, each like `- group: controllers` with `roles: [finance]`")
				return
			}
			for _, node := range list.Values {
				g.rules = append(g.rules, r.rule(node, g.rules))
			}
		},
	})
	if !listed {
		r.wrong(body, "groups: is missing: without a rule nobody could sign in")
	}
}

func (r *groupReader) rule(node ast.Node, before []groupRule) (rule groupRule) {
	var roles []string
	found := len(r.mistakes)
	r.each(node, map[string]func(ast.Node){
		"group": func(value ast.Node) { rule.group = r.text("group", value) },
		"roles": func(value ast.Node) { roles = r.texts("roles", value) },
		"units": func(value ast.Node) { rule.units = r.texts("units", value) },
	})
	if len(r.mistakes) > found {
		return rule
	}
	if rule.group == "" {
		r.wrong(node, "the rule names no group")
	}
	if slices.ContainsFunc(before, func(other groupRule) bool { return other.group == rule.group && rule.group != "" }) {
		r.wrong(node, "the group %q has a rule already", rule.group)
	}
	for _, name := range roles {
		rule.roles = append(rule.roles, Role(name))
	}
	var mistake *adoption.Error
	if err := checkRights(rule.roles, rule.units); errors.As(err, &mistake) {
		r.wrong(node, "%ss: %s", mistake.Field, mistake.Message)
	}
	return rule
}

// each reads the keys of a YAML mapping, each once, and none but those that are known.
func (r *groupReader) each(node ast.Node, keys map[string]func(ast.Node)) {
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		r.wrong(node, "names with values are expected here, like `group: controllers`")
		return
	}
	var known []string
	for name := range keys {
		known = append(known, name)
	}
	slices.Sort(known)
	seen := map[string]bool{}
	for _, pair := range pairs {
		name := pair.Key.GetToken().Value
		switch read := keys[name]; {
		case seen[name]:
			r.wrong(pair.Key, "%s stands a second time", name)
		case read == nil:
			r.wrong(pair.Key, "%q is not known here; known are %s", name, strings.Join(known, ", "))
		default:
			read(pair.Value)
		}
		seen[name] = true
	}
}

// text is a single value that must not be empty, as it was written.
func (r *groupReader) text(key string, node ast.Node) string {
	text := ""
	switch n := node.(type) {
	case *ast.LiteralNode:
		text = n.Value.Value
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		text = node.GetToken().Value
	}
	if text = strings.TrimSpace(text); text == "" {
		r.wrong(node, "%s: a single value is expected here", key)
	}
	return text
}

// texts is a list of values, or a single one.
func (r *groupReader) texts(key string, node ast.Node) (all []string) {
	list, is := node.(*ast.SequenceNode)
	if !is {
		return []string{r.text(key, node)}
	}
	for _, one := range list.Values {
		all = append(all, r.text(key, one))
	}
	return all
}
