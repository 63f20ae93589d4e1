package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every mistake of a file is told at once, each with its line.
func TestAllMistakesAtOnce(t *testing.T) {
	_, mistakes := Parse("wiki.yaml", []byte(`tol: wiki
tool: ALL
unknown: kep
unknown: keep
actor: [a, b]
events:
  - name: Page Edited
    action: edti
  - name: A*b
    action: edit
  - action: edit
  - name: Heartbeat
    ignore: true
    action: edit
  - name: Poll
    action: vote
    class: respnd
  - name: Tool
    action: edit
    tool: wiki
    tool_from: properties.tool
  - name: No Action
  - name: Search *
    action: search
  - name: Search People
    action: search
  - name: Twice
    name: Twice
    action: view
  - name: Lists
    action: view
    when: properties.kind
    attributes: {a: [b], c: properties.c, c: properties.d}
  - just text
  - name: Yes
    ignore: yes
    objekt_type: page
`))
	for i, want := range []string{
		`:1: "tol" is not known here, did you mean tool?; known are tool, actor, unknown, people, events`,
		`:2: tool: "ALL" means all tools together`,
		`:3: unknown: "kep": write keep or ignore, did you mean keep?`,
		`:4: unknown stands a second time, it is on line 3 already`,
		`:5: a single value is expected here`,
		`:7: action: "edti" is not known, did you mean edit?`,
		`:9: name: "A*b": a * may stand at the end only`,
		`:11: the rule has no name`,
		`:12: the rule ignores the event, so action has no effect`,
		`:17: class: "respnd" is no class, did you mean respond?`,
		`:18: the rule has both tool and tool_from`,
		`:22: the rule has no action`,
		`:28: name stands a second time, it is on line 27 already`,
		`:32: when: names with a value each are expected here`,
		`:33: attributes: a: a single value is expected here`,
		`:33: attributes: c stands a second time`,
		`:34: a rule is written like`,
		`:36: ignore: "yes": write true or false`,
		`:37: "objekt_type" is not known here, did you mean object_type?`,
		`:25: the rule is never reached: the one on line 23 takes all of these events`,
	} {
		require.Greater(t, len(mistakes), i, "%s is missing", want)
		require.True(t, strings.HasPrefix(mistakes[i], "wiki.yaml"+want), "%q should begin with %q", mistakes[i], want)
		if i == 19 {
			require.Len(t, mistakes, 20)
		}
	}
}

func TestMistakesOfTheForm(t *testing.T) {
	for text, want := range map[string]string{
		"tool: [\n":                        "wiki.yaml:1: this is no YAML",
		"- a\n":                            "wiki.yaml:1: a mapping is written like",
		"tool: wiki\n---\ntool: chat\n":    "wiki.yaml:3: a mapping is one document",
		"events: {name: x}\n":              "wiki.yaml:1: events: a list of rules is expected here",
		"tool:\n":                          "wiki.yaml:1: the value is missing",
		"tool: &a wiki\n":                  "wiki.yaml:1: a single value is expected here",
		"tool: \"wi\\aki\"\n":              "wiki.yaml:1: tool: it holds characters that cannot be printed",
		"tool: " + strings.Repeat("x", 65): "wiki.yaml:1: tool: it may have 64 bytes at most",
	} {
		_, mistakes := Parse("wiki.yaml", []byte(text))
		require.Len(t, mistakes, 1, "%q", text)
		require.True(t, strings.HasPrefix(mistakes[0], want), "%q: %q should begin with %q", text, mistakes[0], want)
	}
	for _, text := range []string{"", "# nothing yet\n", "---\n", "events: []\n"} {
		_, mistakes := Parse("wiki.yaml", []byte(text))
		require.Empty(t, mistakes, "%q", text)
	}
}

// Values stand as they were written.
func TestValuesAreTexts(t *testing.T) {
	m := parse(t, "tool: web\nevents:\n  - {name: 404, when: {properties.code: 007, properties.on: off, properties.new: true}, action: view}\n")
	require.Equal(t, Known, m.Event(record("404", "properties.code", "007", "properties.on", "off", "properties.new", "true"), new(event)))
	require.Equal(t, Unknown, m.Event(record("404", "properties.code", "7", "properties.on", "off", "properties.new", "true"), new(event)))
}

func TestWhereThePeopleStand(t *testing.T) {
	m, mistakes := Parse("hr.yaml", []byte("people:\n  email_from: traits.mail\n  unit_from: traits.department\n  group_type: department\n"))
	require.Empty(t, mistakes)
	require.Equal(t, People{Email: []string{"traits.mail"}, Unit: []string{"traits.department"}, UnitName: ordinary.UnitName, GroupType: "department"}, m.People())
	m, mistakes = Parse("crm.yaml", []byte("people:\n  groups: ignore\n"))
	require.Empty(t, mistakes)
	require.False(t, m.People().IsUnit(""))
	require.True(t, ordinary.IsUnit(""))
	require.False(t, ordinary.IsUnit("department"))
	_, mistakes = Parse("crm.yaml", []byte("people:\n  groups: units\n"))
	require.Equal(t, []string{`crm.yaml:2: groups: "units": write unit or ignore, did you mean unit?`}, []string(mistakes))
	_, mistakes = Parse("hr.yaml", []byte("people:\n  mail: traits.mail\n"))
	require.Len(t, mistakes, 1)
	require.Contains(t, mistakes[0], `hr.yaml:2: "mail" is not known here`)
	require.Equal(t, ordinary, (*Set)(nil).Of("nobody").People())
}
