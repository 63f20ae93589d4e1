package mapping

import (
	"github.com/goccy/go-yaml/ast"

	"uptake/ingest/wire"
)

// People says where a source's identify and group calls keep what the directory wants to know. Of several paths the
// first counts at which something is told.
type People struct {
	Email     []string // a further name of the person
	Unit      []string // of an identify call; the unit of a group call is the group's id
	UnitName  []string // of the unit of a group call
	GroupType string   // the type of group that is a unit, beside groups that have no type

	named    bool // UnitName was told by the file
	noGroups bool // groups are something else than units
}

// UnitNames are the paths of a unit's name in a call of a kind. An identify call keeps the person's own name where a
// group call keeps the group's: only a path that the operator has chosen is looked at there.
func (p People) UnitNames(kind wire.Kind) []string {
	if kind == wire.Identify && !p.named {
		return nil
	}
	return p.UnitName
}

// ordinary is what holds for a source whose file does not say otherwise.
var ordinary = People{Email: []string{"traits.email", "$set.email", "properties.$set.email"},
	UnitName: []string{"traits.name", "properties.$group_set.name"}}

// People is where the source's calls keep what they tell of people.
func (m *Mapping) People() People { return m.people }

// IsUnit tells whether a group of a type, "" where it has none, is a unit.
func (p People) IsUnit(groupType string) bool {
	return !p.noGroups && (groupType == "" || groupType == p.GroupType)
}

// First is what a record tells at the first of some paths at which it tells anything, nil for nothing.
func First(r *wire.Record, paths []string) []byte {
	for _, path := range paths {
		if value := r.Field(path); value != nil {
			return value
		}
	}
	return nil
}

// peopleSection reads the section people of a file.
func (r *reader) peopleSection(node ast.Node) People {
	p := ordinary
	path := func(name string, take func(path string)) key {
		return key{name, r.text(func(at int, text string) { take(r.path(at, name, text)) })}
	}
	r.each(node, "people: keys with a path each are expected here, like `email_from: traits.email`", []key{
		path("email_from", func(text string) { p.Email = []string{text} }),
		path("unit_from", func(text string) { p.Unit = []string{text} }),
		path("unit_name_from", func(text string) { p.UnitName, p.named = []string{text}, true }),
		{"groups", r.text(func(at int, text string) {
			if text != "unit" && text != "ignore" {
				r.wrong(at, "groups: %q: write unit or ignore%s", text, suggest(text, "unit", "ignore"))
			}
			p.noGroups = text == "ignore"
		})},
		{"group_type", r.text(func(at int, text string) { r.bounded(at, "group_type", text, maxText); p.GroupType = text })},
	})
	return p
}
