// Package access says who may do what: roles, the rights that each has, and the people with local accounts. It knows
// nothing of HTTP; the dashboard names the right that each of its routes needs.
package access

import (
	"slices"
	"strings"

	"uptake/adoption"
)

// Right is one thing that may be done.
type Right string

const (
	ReadFigures     Right = "read figures"     // adoption, collaboration, tools, trust, pilots and campaigns
	ReadValue       Right = "read value"       // costs, benefits and the assumptions behind them
	EditAssumptions Right = "edit assumptions" // publish assumptions and scenarios
	EditPlans       Right = "edit plans"       // publish pilots, campaigns and targets
	Operate         Right = "operate"          // dead letters
	Administer      Right = "administer"       // what concerns everybody: people, the audit log, leave the demo
	Scrape          Right = "scrape"           // /metrics
)

// Role is what somebody is to Uptake. A person may have several; the rights add up.
type Role string

const (
	Viewer    Role = "viewer"
	Lead      Role = "lead" // of units: reads their subtrees and the company's total
	Marketing Role = "marketing"
	IT        Role = "it"
	Finance   Role = "finance"
	Admin     Role = "admin"
	Scraper   Role = "metrics" // of tokens for Prometheus alone, never of a person
)

// rightsOf is the whole table. What does not stand here is not allowed.
var rightsOf = map[Role][]Right{
	Viewer:    {ReadFigures, ReadValue},
	Lead:      {ReadFigures, ReadValue},
	Marketing: {ReadFigures, ReadValue, EditPlans},
	IT:        {ReadFigures, ReadValue, Operate, Scrape},
	Finance:   {ReadFigures, ReadValue, EditAssumptions},
	Admin:     {ReadFigures, ReadValue, EditAssumptions, EditPlans, Operate, Administer, Scrape},
	Scraper:   {Scrape},
}

// Roles are those that a person may have, in the order in which they are told.
func Roles() []Role { return []Role{Viewer, Lead, Marketing, IT, Finance, Admin} }

// What the kinds of tokens may: one for reading, and one to publish in somebody's name.
var (
	ReaderRoles = []Role{Viewer, Scraper}
	EditorRoles = []Role{Viewer, Marketing, Finance, Scraper}
)

// Person is somebody who was recognised, or the bearer of a token.
type Person struct {
	Name  string   // the name of the account or of the token
	Roles []Role   //
	Units []string // that a Lead leads; empty else
	// Epoch changes when sessions that were started before must end: with the password.
	Epoch uint64
}

// May tells whether one of the person's roles has a right.
func (p Person) May(right Right) bool {
	return slices.ContainsFunc(p.Roles, func(r Role) bool { return slices.Contains(rightsOf[r], right) })
}

// Limited tells whether the person reads the own units alone: the only role that reads figures is that of a lead.
func (p Person) Limited() bool {
	reads := func(r Role) bool { return r != Lead && slices.Contains(rightsOf[r], ReadFigures) }
	return slices.Contains(p.Roles, Lead) && !slices.ContainsFunc(p.Roles, reads)
}

// checkRights refuses roles that are none, and units without the role that they are for.
func checkRights(roles []Role, units []string) error {
	if len(roles) == 0 {
		return adoption.Invalid("role", "Name at least one role: "+roleNames()+".")
	}
	for _, r := range roles {
		if !slices.Contains(Roles(), r) {
			return adoption.Invalid("role", "There is no role \""+string(r)+"\". Roles are "+roleNames()+".")
		}
	}
	switch lead := slices.Contains(roles, Lead); {
	case lead && len(units) == 0:
		return adoption.Invalid("unit", "A lead leads at least one unit. Name it by its id.")
	case !lead && len(units) > 0:
		return adoption.Invalid("unit", "Only a lead has units. Add the role lead, or leave the units out.")
	case slices.Contains(units, "") || slices.Contains(units, adoption.Company):
		return adoption.Invalid("unit", "A lead leads units below the company. Who may read everything is a viewer.")
	}
	return nil
}

func roleNames() string { return strings.Join(names(Roles()), ", ") }

func names(roles []Role) []string {
	list := make([]string, len(roles))
	for i, r := range roles {
		list[i] = string(r)
	}
	return list
}
