package demo

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
)

// hiddenPeople are those who, on some day of the demo's year and for some tool that they have access to, are in a group
// that the pages show only as part of a rest, or not at all. It asks for all tools, and of each unit with children for these.
func hiddenPeople(t *testing.T, c *company, company *query.Company) (hidden map[int]bool, where map[string]int) {
	t.Helper()
	children := map[string]bool{adoption.Company: true}
	for _, u := range c.units {
		children[u.parent] = true
	}
	f := &figures{c: c}
	hidden, where = map[int]bool{}, map[string]int{}
	for tool := range toolCount + 1 {
		id := adoption.AllTools
		if tool < toolCount {
			id = tools[tool].id
		}
		for parent := range children {
			answer, err := company.Adoption(t.Context(), query.AdoptionQuestion{Unit: parent, Tool: id, From: c.first, To: c.first + Days - 1, Children: true})
			require.NoError(t, err)
			for _, row := range answer.Rows {
				if !row.Suppressed || row.Enabled == 0 {
					continue
				}
				unit, direct := strings.CutSuffix(row.Unit, adoption.DirectSuffix)
				day := int16(row.Date - c.first)
				for i := range c.people {
					p := &c.people[i]
					if p.unit == nowhere || !p.employed(day) || hidden[i] {
						continue
					}
					at := p.at(day)
					if direct && c.units[at].id != unit || !direct && !f.below(at, unit) {
						continue
					}
					if tool < toolCount {
						if since, ok := c.allowed(&c.units[p.unit], tool); !ok || day < since {
							continue
						}
					}
					hidden[i] = true
					where[row.Unit+" "+id]++
				}
			}
		}
	}
	return hidden, where
}

// hardlyHidden demands that fewer than a share of the people are ever hidden, on any day and for any tool.
func hardlyHidden(t *testing.T, preset Preset, company *query.Company, most float64) {
	t.Helper()
	c := newCompany(preset, day(t, testDay))
	hidden, where := hiddenPeople(t, c, company)
	known := 0
	for i := range c.people {
		if c.people[i].unit != nowhere {
			known++
		}
	}
	t.Logf("%d of %d people are ever hidden: %v", len(hidden), known, where)
	assert.NotEmpty(t, hidden, "the tiny units are")
	assert.Less(t, float64(len(hidden)), most*float64(known))
}

// hiddenByAttribute demands that of each attribute fewer than a share of the people are in a hidden value, on the last
// day, for all tools together and for those that all have seats of: beside seats more may have to be hidden.
func hiddenByAttribute(t *testing.T, company *query.Company, most float64) {
	t.Helper()
	for _, attribute := range adoption.Attributes() {
		for _, id := range []string{adoption.AllTools, "documents", "social"} {
			answer, err := company.By(t.Context(), query.ByQuestion{Attribute: attribute, Tool: id, From: day(t, testDay), To: day(t, testDay) + 1, Grain: adoption.ByMonth})
			require.NoError(t, err)
			var hidden, everybody uint64
			for _, row := range answer.Rows {
				switch {
				case row.Kind == query.ByCompany:
					everybody = row.Enabled
				case row.Suppressed:
					hidden += row.Enabled
				}
			}
			t.Logf("%s, %s: %d of %d people are hidden", attribute, id, hidden, everybody)
			assert.Positive(t, everybody)
			assert.Less(t, float64(hidden), most*float64(everybody), "%s, %s", attribute, id)
		}
	}
}

// The law firm is tiny: three people in the library and two at the reception are its office, 5 of 52 people, and of 50
// people many years of hiring have too few. (The manufacturer: TestTheStoryIsInTheAnswers.)
func TestHowManyAreHiddenInATinyCompany(t *testing.T) {
	to, db := target(t)
	require.NoError(t, Load(t.Context(), to, LawFirm, day(t, testDay), func(int64, int64) {}))
	hardlyHidden(t, LawFirm, answering(t, db, nil), 0.10)
	hiddenByAttribute(t, answering(t, db, nil), 1)
}
