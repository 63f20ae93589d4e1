package refresh_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
)

// What a company of chance is answered equals the reference, too: adoption, pyramid, life cycle, habits, depth, concentration and
// first use of every unit, the figures by attribute, and seats, all of every tool. Nothing is small here: hiding has tests of its own. -companies says how many.
func TestAnswersEqualReference(t *testing.T) {
	for number := *firstCompany; number < *firstCompany+*companies; number++ {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			r := found(t, zones[number%uint64(len(zones))], number)
			r.settle()
			r.c.mustEqual()
			r.c.mustAnswer(r.c.today)
			r.c.mustAnswer(max(r.c.today-1-r.pick(28), r.c.horizon))
		})
	}
}

// settle lets most people be somewhere, some with licences, and do something.
func (r *chance) settle() {
	var people []peopleRow
	for p := range r.persons - 1 {
		row := r.peopleRow()
		row.person, row.from, row.to, row.left = adoption.Person(p+1), r.c.today-40-r.pick(30), adoption.LastDay, adoption.LastDay
		people = append(people, row)
	}
	var licences []licenceRow
	for range 3 + r.IntN(r.persons) {
		row := r.licenceRow()
		if r.IntN(2) == 0 { // a seat that has been held, most likely for 28 days
			row.from, row.to = r.c.today-24-r.pick(30), adoption.LastDay
		}
		licences = append(licences, row)
	}
	var events []adoption.Event
	for range 30 {
		events = append(events, r.event())
	}
	require.NoError(r.c.t, r.c.refresher.Touch(r.c.t.Context(), append(r.c.direct(people, licences), r.c.receive(events...)...)...))
}

// answers asks a company, beside its reference.
type answers struct {
	*company
	ask   *query.Company
	f     *figures
	tools []string
	open  []string
}

// mustAnswer compares answers about a day with the reference. The figures are up to date.
func (c *company) mustAnswer(d adoption.Day) {
	c.t.Helper()
	a := &answers{company: c, f: c.expected(), ask: &query.Company{DB: c.db, Zone: c.zone, MinGroup: 1, Now: func() time.Time { return c.now }, Freshness: c.refresher}}
	all, _ := c.lastReceived()
	a.tools, a.open = c.world.tools(all)
	for _, tool := range append(slices.Clone(a.tools), "all") {
		a.adoption(tool, d)
		a.habits(tool, d)
		a.spread(tool, d)
		a.firstUse(tool, d)
		for _, attribute := range []adoption.Attribute{adoption.ByLocation, adoption.ByRole, adoption.ByHireCohort} {
			a.by(attribute, tool, d)
		}
		if tool != "all" && !slices.Contains(a.open, tool) {
			a.seats(tool, d)
		}
	}
}

// unitsOf are the units as tables name them that a row of an answer adds up.
func (a *answers) unitsOf(unit string) []string {
	switch unit {
	case "company":
		return []string{"north", "south", "company", `it's \ odd`, "unassigned"}
	case "company.direct":
		return []string{"company"}
	}
	return []string{unit}
}

// enabled counts the people with access: everybody where the tool is open.
func (a *answers) enabled(unit, tool string, d adoption.Day) (people uint64) {
	if slices.Contains(a.open, tool) || tool == "all" && len(a.open) > 0 {
		tool = ""
	}
	for _, u := range a.unitsOf(unit) {
		people += a.f.size[cell{d, u, tool}]
	}
	return people
}

// use adds up what the reference counts, of all tools the actions of each.
func (a *answers) use(unit, tool string, d adoption.Day) (sum useCell) {
	for _, u := range a.unitsOf(unit) {
		c := a.f.use[cell{d, u, tool}]
		if tool == "all" {
			for _, t := range a.tools {
				c.actions += a.f.use[cell{d, u, t}].actions
			}
		}
		sum = plus(sum, c)
	}
	return sum
}

func plus(a, b useCell) useCell {
	return useCell{a.active1 + b.active1, a.active7 + b.active7, a.active28 + b.active28, a.notEnabled + b.notEnabled, a.activeDays + b.activeDays,
		a.creators + b.creators, a.responders + b.responders, a.consumers + b.consumers, a.score + b.score, a.actions + b.actions}
}

// told are figures of a row, -1 for those that are not told.
func told(figures ...*uint64) (list []int) {
	for _, v := range figures {
		if v == nil {
			list = append(list, -1)
			continue
		}
		list = append(list, int(*v))
	}
	return list
}

// counted are the same of the reference.
func (c useCell) counted(enabled uint64) []int {
	return []int{int(c.active1), int(c.active7), int(c.active28), int(c.creators), int(c.responders), int(c.consumers), int(enabled - c.creators - c.responders - c.consumers), int(c.actions)}
}

func tellsUse(row query.AdoptionRow) []int {
	return told(row.Active1, row.Active7, row.Active28, row.Creators, row.Responders, row.Consumers, row.Inactive, row.Actions)
}

func (a *answers) adoption(tool string, d adoption.Day) {
	a.t.Helper()
	answer, err := a.ask.Adoption(a.t.Context(), query.AdoptionQuestion{Tool: tool, From: d, To: d, Grain: adoption.ByDay, Children: true})
	require.NoError(a.t, err)
	require.NotEmpty(a.t, answer.Rows)
	monday := d.Monday()
	for _, row := range answer.Rows {
		what := fmt.Sprintf("%s, %s, %s", row.Unit, tool, d)
		c, enabled := a.use(row.Unit, tool, d), a.enabled(row.Unit, tool, d)
		require.Equal(a.t, c.counted(enabled), tellsUse(row), what)
		require.Equal(a.t, enabled, row.Enabled, what)
		require.Equal(a.t, []int{int(c.notEnabled)}, told(row.ActiveNotEnabled), what)
		if row.Stickiness != nil {
			require.InDelta(a.t, float64(c.activeDays)/28/float64(c.active28), *row.Stickiness, 1e-9, what)
		}
		if row.EngagementScore != nil {
			require.InDelta(a.t, c.score/float64(enabled), *row.EngagementScore, 1e-9, what)
		}
		require.Equal(a.t, enabled > 0, row.EngagementScore != nil && row.AdoptionRate != nil, what)
		if !slices.Contains(a.f.days, min(monday+6, a.today-1)) {
			continue // who was enabled then is not known
		}
		var week weekCell
		for _, u := range a.unitsOf(row.Unit) {
			w := a.f.week[cell{monday, u, tool}]
			week.new, week.returning, week.resurrected, week.dormant = week.new+w.new, week.returning+w.returning, week.resurrected+w.resurrected, week.dormant+w.dormant
		}
		require.Equal(a.t, []int{int(week.new), int(week.returning), int(week.resurrected), int(week.dormant)}, told(row.New, row.Returning, row.Resurrected, row.Dormant), what)
	}
}

func (a *answers) habits(tool string, d adoption.Day) {
	a.t.Helper()
	answer, err := a.ask.Habits(a.t.Context(), query.AdoptionQuestion{Tool: tool, From: d, To: d, Grain: adoption.ByDay, Children: true})
	require.NoError(a.t, err)
	for _, row := range answer.Rows {
		var sum habitCell
		for _, u := range a.unitsOf(row.Unit) {
			c := a.f.habit[cell{d, u, tool}]
			sum.power, sum.habitual, sum.novice, sum.low = sum.power+c.power, sum.habitual+c.habitual, sum.novice+c.novice, sum.low+c.low
		}
		none := a.enabled(row.Unit, tool, d) - sum.power - sum.habitual - sum.novice - sum.low
		require.Equal(a.t, []int{int(sum.power), int(sum.habitual), int(sum.novice), int(sum.low), int(none)},
			told(row.Power, row.Habitual, row.Novice, row.Low, row.None), "habits of %s, %s, %s", row.Unit, tool, d)
	}
}

// by compares the dates of the day's week that there are figures of.
func (a *answers) by(attribute adoption.Attribute, tool string, d adoption.Day) {
	a.t.Helper()
	answer, err := a.ask.By(a.t.Context(), query.ByQuestion{Attribute: attribute, Tool: tool, From: d.Monday(), To: d, Grain: adoption.ByWeek})
	require.NoError(a.t, err)
	for _, row := range answer.Rows {
		if row.Kind == query.ByCompany {
			continue
		}
		c := a.f.by.use[byCell{row.Date, string(attribute), row.Value, tool}]
		if tool == "all" {
			for _, t := range a.tools {
				c.actions += a.f.by.use[byCell{row.Date, string(attribute), row.Value, t}].actions
			}
		}
		require.Equal(a.t, c.counted(row.Enabled), tellsUse(row.AdoptionRow), "%s %q, %s, %s", attribute, row.Value, tool, row.Date)
	}
}

// seats counts the seats of each person by METRICS: unused seats.
func (a *answers) seats(tool string, d adoption.Day) {
	a.t.Helper()
	answer, err := a.ask.Seats(a.t.Context(), query.SeatsQuestion{Tool: tool, To: d, Children: true})
	require.NoError(a.t, err)
	require.NotEmpty(a.t, answer.Rows)
	persons := map[adoption.Person]bool{}
	for _, l := range a.licences {
		persons[l.person] = true
	}
	for _, row := range answer.Rows {
		var held, leavers, long, idle, never int
		for p := range persons {
			unit := a.unitOf(p, d)
			home := unit
			if unit == "" {
				home = "unassigned"
			}
			if !a.hasLicence(p, tool, d) || !slices.Contains(a.unitsOf(row.Unit), home) {
				continue
			}
			held++
			first, used := a.f.first[toolPerson{tool, p}]
			switch active := slices.ContainsFunc(a.windowOf(d), func(x adoption.Day) bool { return a.f.on(p, tool, a.tools, x).active() }); {
			case unit == "":
				leavers++
			case !a.seated(p, tool, d):
			case active:
				long++
			default:
				long, idle = long+1, idle+1
				if !used || first > d {
					never++
				}
			}
		}
		require.Equal(a.t, []int{held, leavers, long, idle, never, idle + leavers},
			told(row.Assigned, row.HeldByLeavers, row.Held28, row.Idle, row.NeverUsed, row.Unused), "seats of %s, %s, %s", row.Unit, tool, d)
	}
}

func (a *answers) windowOf(d adoption.Day) (days []adoption.Day) {
	for x := d - 27; x <= d; x++ {
		days = append(days, x)
	}
	return days
}
