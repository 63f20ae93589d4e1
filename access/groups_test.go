package access

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGroupsAddUp(t *testing.T) {
	g, err := ParseGroups("roles.yaml", []byte(`# who may what
claim: memberOf
groups:
  - group: sales-managers
    roles: lead
    units: [sales, production]
  - group: plant-managers
    roles: [lead]
    units: [production]
  - group: controllers
    roles: [viewer, finance]
  - {group: "0010", roles: [viewer]}
`))
	require.NoError(t, err)
	assert.Equal(t, "memberOf", g.Claim)
	for given, want := range map[string]struct {
		roles []Role
		units []string
	}{
		"sales-managers,plant-managers,others": {[]Role{Lead}, []string{"production", "sales"}},
		"controllers,0010":                     {[]Role{Finance, Viewer}, nil},
		"Controllers,sales":                    {}, // names are compared as they are written
		"":                                     {},
	} {
		roles, units := g.Rights(strings.Split(given, ","))
		assert.ElementsMatch(t, want.roles, roles, given)
		assert.ElementsMatch(t, want.units, units, given)
	}
	g, err = ParseGroups("roles.yaml", []byte("groups: [{group: a, roles: admin}]"))
	require.NoError(t, err)
	assert.Equal(t, "groups", g.Claim)
}

// Every mistake is told at once, each with file and line.
func TestMistakesInGroups(t *testing.T) {
	_, err := ParseGroups("roles.yaml", []byte(`claim: [a]
group: x
groups:
  - group: a
    roles: [chief]
  - group: b
    roles: [viewer]
    units: [sales]
  - group: c
    roles: [lead]
  - group: c
    role: viewer
  - roles: [viewer]
  - group: b
    roles: [viewer]
    roles: [admin]
  - just text
  - group: b
    roles: [viewer]
  - group: d
`))
	var mistakes GroupErrors
	require.ErrorAs(t, err, &mistakes)
	want := []string{
		":1: claim: a single value is expected",
		`:2: "group" is not known here; known are claim, groups`,
		`:4: roles: There is no role "chief"`,
		":6: units: Only a lead has units",
		":9: units: A lead leads at least one unit",
		`:12: "role" is not known here; known are group, roles, units`,
		":13: the rule names no group",
		":16: roles stands a second time",
		":17: names with values are expected",
		`:18: the group "b" has a rule already`,
		":20: roles: Name at least one role",
	}
	require.Len(t, mistakes, len(want), "%s", err)
	for i, w := range want {
		assert.True(t, strings.HasPrefix(mistakes[i], "roles.yaml"+w), "%q should begin with %q", mistakes[i], w)
	}
	for text, want := range map[string]string{
		"":                            ":1: groups: is missing",
		"claim: groups":               ":1: groups: is missing",
		"groups: []":                  ":1: groups: a list of rules",
		"groups: [":                   ":1: this is no YAML",
		"groups:\n  - group: a\n\tb:": ":3: this is no YAML",
		"- a":                         ":1: names with values",
		"groups: [{group: a, roles: admin}]\n---\ngroups: x": ":3: the file is one document",
	} {
		_, err := ParseGroups("roles.yaml", []byte(text))
		require.ErrorContains(t, err, "roles.yaml"+want, "%q", text)
	}
}
