package dashboard

import (
	"math"
	"time"

	"uptake/adoption"
)

// place is where a unit of the story sits; a small one with the others of its house.
func (u storyUnit) place() string {
	switch u.id {
	case "plant-north", "maintenance":
		return "Kiel"
	case "plant-south":
		return "Ulm"
	case "board-office":
		return "" // nobody has written it down
	}
	return "Bonn"
}

// by breaks the last ten weeks of the story down by location: the figures of the units there, added up. Of nobody's
// role and year of hiring the directory says anything.
func (s *story) by() {
	s.into("kpi_cell (day, run, unit, location, role, hired, tools, people)", func(add func(...any)) {
		for d := s.last - 70; d <= s.last; d++ {
			for _, u := range storyUnits {
				s.cells(add, d, u)
			}
		}
	})
	units, places := []string{}, []string{}
	for _, u := range storyUnits {
		units, places = append(units, u.id), append(places, u.place())
	}
	for _, statement := range []string{
		`INSERT INTO kpi_by (day, run, attribute, value, tool, active_1, active_7, active_28, active_days, creators, responders, consumers, score, actions)
			SELECT day, run, arrayJoin(['location', 'role', 'hire_cohort']) AS attribute, if(attribute = 'location', transform(unit, ?, ?, ''), '') AS value, tool, sum(active_1), sum(active_7), sum(active_28), sum(active_days),
				sum(creators), sum(responders), sum(consumers), sum(score), sum(actions)
			FROM kpi_use WHERE unit != 'unassigned' AND day >= toDate(?) GROUP BY day, run, attribute, value, tool`,
		`INSERT INTO kpi_by_week (day, run, attribute, value, tool, new, returning, resurrected, dormant)
			SELECT day, run, arrayJoin(['location', 'role', 'hire_cohort']) AS attribute, if(attribute = 'location', transform(unit, ?, ?, ''), '') AS value, tool, sum(new), sum(returning), sum(resurrected), sum(dormant)
			FROM kpi_week WHERE day >= toDate(?) GROUP BY day, run, attribute, value, tool`,
	} {
		if err := s.db.Exec(s.ctx, statement, units, places, (s.last - 70).String()); err != nil {
			s.t.Fatal(err)
		}
	}
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		for d := s.last - 70; d <= s.last; d++ {
			add("kpi_cell", d.Time(), storyRun)
			if d.Weekday() == time.Sunday || d == d.EndOfMonth() {
				add("kpi_by", d.Time(), storyRun)
			}
			if d == d.Monday() {
				add("kpi_by_week", d.Time(), storyRun)
			}
		}
	})
}

// cells are the people of a unit by access: who has few tools has those that most have.
func (s *story) cells(add func(...any), d adoption.Day, u storyUnit) {
	documents := uint64(math.Round(u.people * hasAccess(u, storyTools[1])))
	chat := uint64(math.Round(u.people * hasAccess(u, storyTools[0])))
	for _, part := range []struct {
		people uint64
		tools  []string
	}{
		{documents, []string{"chat", "documents", "mail", "meetings"}},
		{chat - documents, []string{"chat", "mail", "meetings"}},
		{uint64(u.people) - chat, []string{"mail", "meetings"}},
	} {
		if part.people > 0 {
			add(d.Time(), storyRun, u.id, u.place(), "", uint16(0), part.tools, part.people)
		}
	}
}
