package query

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// plant lets every nth user of a unit change to another inclination on a day.
func (s *simCompany) plant(unit string, nth int, on adoption.Day, after float64) {
	users := 0
	for _, p := range s.people {
		if s.units[p.unit] != unit || p.daily == 0 {
			continue
		}
		if users++; users%nth == 0 {
			p.changes, p.after = on, after
		}
	}
}

// told lists the units that a rule names as of a day.
func (s *simCompany) told(rule string, d adoption.Day) (units []string) {
	for _, i := range s.watchOn(d, adoption.Company).items() {
		if i.Rule == rule {
			units = append(units, i.Unit.ID)
		}
	}
	return units
}

// One user in seven stops: 11 points or so of 300 people, in a company of 2,000. Four to ten weeks later all of them are found.
func TestAFallOfTenPointsIsFound(t *testing.T) {
	for seed := range uint64(2) {
		s := newSim(100+seed, 0.8, 70, 300, 400, 500, 200, 100, 80, 60, 60, 300)
		s.plant("i", 7, watchedDay-70, 0)
		s.live()
		found := false
		for _, week := range []adoption.Day{0, 3, 6} {
			told := s.told(ruleFell, watchedDay-7*week)
			found = found || assert.ObjectsAreEqual([]string{"i"}, told)
			assert.Subset(t, []string{"i"}, told, "seed %d", seed)
		}
		assert.True(t, found, "seed %d", seed)
	}
}

// Half of the users come a fifth as often: nearly all are still active once in 28 days, few in two weeks on end.
func TestPeopleWhoDropOutAreFound(t *testing.T) {
	for seed := range uint64(2) {
		s := newSim(200+seed, 0.95, 70, 300, 400, 500, 200, 100, 800)
		s.plant("f", 2, watchedDay-28, 0.12)
		s.live()
		assert.Equal(t, []string{"f"}, s.told(ruleDormant, watchedDay), "seed %d", seed)
	}
}

// A fall around Christmas is found behind the holiday, when two ordinary weeks have shown it.
func TestAFallBesideAHolidayIsFound(t *testing.T) {
	s := newSim(301, 0.8, 70, 300, 400, 500, 200, 100, 400)
	from := watchedDay - 35
	s.holiday = func(d adoption.Day) float64 {
		if d >= from && d < from+7 {
			return 0.1
		}
		return 1
	}
	s.plant("f", 4, from, 0)
	s.live()
	assert.Equal(t, []string{"f"}, s.told(ruleFell, watchedDay-7), "its 28 days begin in the holiday")
}

// What the rules see of the simulated company is what they see of the same company in the store.
func TestTheStoresCompanyIsWatchedAsTheSimulatedOne(t *testing.T) {
	s := newSim(400, 0.7, 60, 60, 150, 300, 400)
	s.plant("d", 4, watchedDay-49, 0)
	s.live()
	want := s.watchOn(watchedDay, adoption.Company).items()
	require.Contains(t, rules(want), ruleFell)
	require.Contains(t, rules(want), ruleUnused)

	real := s.stored(t)
	answer, err := real.Attention(context.Background(), AttentionQuestion{Tool: "wiki", To: watchedDay})
	require.NoError(t, err)
	assert.Equal(t, watchedDay, answer.Date)
	require.Len(t, answer.Items, min(len(want), attentionShown))
	assert.Equal(t, len(want), len(answer.Items)+answer.LeftOut)
	for i, item := range answer.Items {
		assert.Equal(t, want[i].Sentence, item.Sentence)
		assert.Equal(t, want[i].Evidence.Words, item.Evidence.Words)
		assert.Equal(t, want[i].Link, item.Link)
		assert.InDelta(t, want[i].Weight, item.Weight, 1e-9)
		assert.InDelta(t, *want[i].Evidence.P, *item.Evidence.P, 1e-9)
	}
	unit, err := real.Attention(context.Background(), AttentionQuestion{Unit: "d", Tool: "wiki", To: watchedDay})
	require.NoError(t, err)
	assert.Equal(t, "d", unit.Unit.ID)
	for _, item := range unit.Items {
		assert.Contains(t, []string{"d", adoption.Company}, item.Unit.ID)
	}
	page, err := real.UnitPage(context.Background(), UnitQuestion{Unit: "company", Tool: "wiki", To: watchedDay})
	require.NoError(t, err)
	require.NotEmpty(t, page.Attention)
	assert.Equal(t, answer.Items[0], page.Attention[0])

	_, err = real.Attention(context.Background(), AttentionQuestion{Unit: "nowhere"})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	_, err = real.Attention(context.Background(), AttentionQuestion{Tool: "nothing"})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
}

// stored writes the simulated company as the refresher would, people and their last 28 days with it.
func (s *simCompany) stored(t testing.TB) seatStore {
	real := seatStore{newStore(t)}
	real.exec("INSERT INTO tools VALUES ('wiki', 'Wiki', 'wiki', '', 0, 0, '', 1)")
	for id, p := range s.people {
		real.person(id+1, s.units[p.unit])
		real.licence(id+1, "wiki", "2025-01-01", "2149-06-06")
		for i := s.days - WindowDays; i < s.days; i++ {
			if p.latest[i] == i {
				real.insert("person_day", 9, s.first+adoption.Day(i), "wiki", uint64(id+1), uint64(0), uint64(0), uint64(0), uint64(0), uint64(1), uint64(0), uint64(0))
			}
		}
		if p.first != 0 {
			real.pending["first_active (tool, person, day, version)"] = append(real.pending["first_active (tool, person, day, version)"],
				[]any{"wiki", uint64(id + 1), p.first.Time(), uint64(1)})
		}
	}
	sized := map[adoption.Day]bool{}
	for _, unit := range s.units {
		real.unit(unit, adoption.Company, unit)
		for d, row := range s.rows[unit] {
			for _, tool := range []string{"wiki", adoption.AllTools} {
				real.use(d, unit, tool, rawUse{active7: *row.Active7, active28: *row.Active28, activeDays: *row.Active28, consumers: *row.Active28, actions: *row.Active28})
				real.week(d.Monday(), unit, tool, rawWeek{returning: *row.Returning, dormant: *row.Dormant})
			}
			for _, judged := range []adoption.Day{d, d.FirstOfMonth(), d.Monday() + 6, (d.Monday() + 6).FirstOfMonth()} {
				sized[judged] = true
			}
		}
	}
	for d := range sized {
		for _, unit := range s.units {
			people := int(s.rows[unit][watchedDay].Enabled)
			real.heads(d, unit, people)
			real.sizes(d, "wiki", unit, people)
			real.sizes(d, adoption.AllTools, unit, people)
		}
	}
	for d, n := range s.events["feed"] {
		at := d.Time().Add(9 * 60 * 60 * 1e9)
		real.insert("source_day", 5, d, "feed", "wiki", n, at, at)
	}
	real.publish()
	return real
}
