package demo

import (
	"fmt"
	"strings"
)

// A unit of the made-up company. people are those placed in it directly, on the last day.
type unit struct {
	id, name, parent string
	entity           string
	people           int
	role             role
	culture          float64 // above 0: takes tools up more readily; in standard deviations of people
	shifts           bool    // works on Saturdays, too
}

// title is the role of a person with a number: a manager for about every twelve people, trainees, and otherwise
// operators in shifts, assistants and specialists.
func (u *unit) title(number int) string {
	switch {
	case number%12 == 5:
		return "Manager"
	case number%15 == 7:
		return "Trainee"
	case u.shifts:
		return "Operator"
	case number%4 == 1:
		return "Assistant"
	}
	return "Specialist"
}

// unitsOf is the tree of a company, parents before their children.
func unitsOf(preset Preset) []unit {
	switch preset {
	case LawFirm:
		return lawFirm()
	case Bank:
		return bank()
	}
	return manufacturer()
}

func lawFirm() []unit {
	return []unit{
		{id: "corporate", name: "Corporate", entity: alder, people: 13, role: ahead, culture: 0.8},
		{id: "litigation", name: "Litigation", entity: birch, people: 13, role: stalled, culture: -0.2},
		{id: "tax", name: "Tax", entity: alder, people: 10, role: pilot},
		{id: "real-estate", name: "Real Estate", entity: birch, people: 9, role: trial},
		{id: "office", name: "Office", entity: alder},
		{id: "library", name: "Library", parent: "office", entity: alder, people: 3, role: tiny},
		{id: "reception", name: "Reception", parent: "office", entity: alder, people: 2, role: tiny},
	}
}

func manufacturer() []unit {
	return []unit{
		{id: "plant-north", name: "Plant North", entity: alder, people: 7, culture: -0.3},
		{id: "assembly", name: "Assembly", parent: "plant-north", entity: alder, culture: -0.4, shifts: true},
		{id: "assembly-line-1", name: "Assembly Line 1", parent: "assembly", entity: alder, people: 15, culture: -0.5, shifts: true},
		{id: "assembly-line-2", name: "Assembly Line 2", parent: "assembly", entity: alder, people: 15, culture: -0.3, shifts: true},
		{id: "welding", name: "Welding", parent: "plant-north", entity: alder, people: 19, culture: -0.4, shifts: true},
		{id: "plant-south", name: "Plant South", entity: birch, people: 7, culture: -0.2},
		{id: "moulding", name: "Moulding", parent: "plant-south", entity: birch, people: 20, culture: -0.3, shifts: true},
		{id: "packaging", name: "Packaging", parent: "plant-south", entity: birch, people: 15, culture: -0.4, shifts: true},
		{id: "logistics", name: "Logistics", entity: alder, role: pilot, culture: -0.3},
		{id: "inbound", name: "Inbound", parent: "logistics", entity: alder, people: 10, role: pilot, culture: -0.3},
		{id: "warehouse", name: "Warehouse", parent: "logistics", entity: alder, people: 10, role: pilot, culture: -0.3},
		{id: "dispatch", name: "Dispatch", parent: "logistics", entity: alder, people: 10, role: pilot, culture: -0.3},
		{id: "engineering", name: "Engineering", entity: alder, people: 24, culture: 0.1},
		{id: "digital-products", name: "Digital Products", entity: alder, people: 42, role: ahead, culture: 0.9},
		{id: "sales", name: "Sales", entity: birch, people: 25, culture: 0.1},
		{id: "customer-service", name: "Customer Service", entity: birch, people: 30, role: stalled, culture: -0.1},
		{id: "central", name: "Central Functions", entity: alder, people: 6, culture: 0.1},
		{id: "finance", name: "Finance", parent: "central", entity: alder, people: 12, culture: -0.1},
		{id: "hr", name: "People and Culture", parent: "central", entity: alder, people: 9, culture: 0.2},
		{id: "it", name: "IT", parent: "central", entity: alder, people: 10, role: trial, culture: 0.4},
		{id: "purchasing", name: "Purchasing", parent: "central", entity: alder, people: 8},
		{id: "legal", name: "Legal", parent: "central", entity: alder, people: 3, role: tiny},
		{id: "audit", name: "Audit", parent: "central", entity: alder, people: 3, role: tiny},
	}
}

// bank has 400 units in four levels: divisions, regions or areas, departments, teams.
func bank() []unit {
	const people, count = 130_000, 400
	b := &bankBuilder{}
	for i, d := range []struct {
		id, name, entity   string
		role               role
		culture, weight    float64
		areas, departments []string
	}{
		{"retail-north", "Retail North", alder, ordinary, 0, 3, []string{"Coast", "Lakes", "Capital", "Hills", "East"}, []string{"Branches", "Advice", "Business Clients"}},
		{"retail-south", "Retail South", birch, ordinary, 0.1, 3, []string{"Valley", "Harbour", "Plains", "Alps", "West"}, []string{"Branches", "Advice", "Business Clients"}},
		{"corporate-banking", "Corporate Banking", alder, ordinary, 0.2, 1.2, []string{"Industry", "Trade", "Public Sector", "Real Estate"}, []string{"Coverage", "Credit", "Payments"}},
		{"wealth", "Wealth Management", birch, pilot, 0.1, 0.8, []string{"Private Clients", "Funds", "Foundations"}, []string{"Advice", "Portfolio", "Service"}},
		{"digital-bank", "Digital Bank", alder, ahead, 0.9, 0.7, []string{"App", "Web", "Data"}, []string{"Design", "Build", "Run"}},
		{"service-centres", "Service Centres", birch, stalled, -0.2, 1.3, []string{"Phone", "Mail", "Claims"}, []string{"Early Team", "Late Team", "Specialists"}},
		{"operations", "Operations", alder, ordinary, -0.3, 2, []string{"Payments", "Securities", "Lending", "Cash"}, []string{"Intake", "Processing", "Control"}},
		{"group", "Group Functions", alder, ordinary, 0.1, 0.9, []string{"Finance", "Risk", "People", "IT", "Legal"}, []string{"Strategy", "Delivery", "Support"}},
	} {
		b.division(unit{id: d.id, name: d.name, entity: d.entity, role: d.role, culture: d.culture}, d.weight, d.areas, d.departments, i)
	}
	b.tiny("group-legal", "group-legal-archive", "Archive")
	b.tiny("group-legal", "group-legal-protocol", "Protocol")
	b.fill(count, people)
	return b.units
}

// bankBuilder grows the bank's tree.
type bankBuilder struct {
	units  []unit
	leaves []int // departments, each with its weight
	weight []float64
}

func (b *bankBuilder) division(u unit, weight float64, areas, departments []string, seed int) {
	b.units = append(b.units, u)
	for i, name := range areas {
		area := u
		area.id, area.name, area.parent = u.id+"-"+slug(name), u.name+" "+name, u.id
		area.culture += 0.15 * float64((seed+2*i)%5-2)
		if area.id == "group-it" {
			area.role, area.culture = trial, 0.4
		}
		b.units = append(b.units, area)
		for j, name := range departments {
			department := area
			department.id, department.name, department.parent = area.id+"-"+slug(name), name+", "+area.name, area.id
			department.culture += 0.1 * float64((seed+i+j)%3-1)
			b.leaves = append(b.leaves, len(b.units))
			b.weight = append(b.weight, weight*(1+float64((seed*7+i*3+j*5)%6)))
			b.units = append(b.units, department)
		}
	}
}

func (b *bankBuilder) tiny(parent, id, name string) {
	b.units = append(b.units, unit{id: id, name: name, parent: parent, entity: alder, people: 3, role: tiny})
}

// fill cuts departments into teams until there are so many units, the heaviest departments into the most, and spreads
// the people over all.
func (b *bankBuilder) fill(count, people int) {
	teams := make([]int, len(b.leaves))
	for left := count - len(b.units); left > 0; {
		i := b.heaviest(teams, left)
		more := 1
		if teams[i] == 0 {
			more = 2 // a department that is cut at all has two teams at least
		}
		teams[i] += more
		left -= more
	}
	total, spread := 0.0, people
	for _, w := range b.weight {
		total += w
	}
	for _, u := range b.units {
		spread -= u.people
	}
	placed := 0
	for i, leaf := range b.leaves {
		share := int(float64(spread) * b.weight[i] / total)
		if i == len(b.leaves)-1 {
			share = spread - placed
		}
		placed += share
		b.place(leaf, teams[i], share)
	}
}

// heaviest is the department with the most people a team. If one team is left only, it must have teams already.
func (b *bankBuilder) heaviest(teams []int, left int) int {
	best, most := 0, -1.0
	for i, w := range b.weight {
		if w /= float64(1 + teams[i]); w > most && (left > 1 || teams[i] > 0) {
			best, most = i, w
		}
	}
	return best
}

// place puts people into a department, or into its teams.
func (b *bankBuilder) place(leaf, teams, people int) {
	if teams == 0 {
		b.units[leaf].people = people
		return
	}
	department := b.units[leaf]
	for n := range teams {
		team := department
		team.id, team.name, team.parent = fmt.Sprintf("%s-%d", department.id, n+1), fmt.Sprintf("Team %d, %s", n+1, department.name), department.id
		team.people = (people + teams - 1 - n) / teams
		b.units = append(b.units, team)
	}
}

func slug(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }
