package query

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// seatStore is a company whose seats are counted from people, as the refresher leaves them.
type seatStore struct{ *store }

// person places a person in a unit from 2026-01-01 on ("": nowhere).
func (s seatStore) person(id int, unit string) {
	if unit != "" {
		s.pending["people (person, effective_from, unit, version)"] = append(s.pending["people (person, effective_from, unit, version)"],
			[]any{uint64(id), day("2026-01-01").Time(), unit, s.run})
	}
}

func (s seatStore) licence(id int, tool, first, last string) {
	s.pending["licences (person, tool, first_day, last_day, version)"] = append(s.pending["licences (person, tool, first_day, last_day, version)"],
		[]any{uint64(id), tool, day(first).Time(), day(last).Time(), s.run})
}

// reads lets a person view something once a day listed, and be known as active since the first.
func (s seatStore) reads(id int, tool string, days ...string) {
	for _, d := range days {
		s.insert("person_day", 9, day(d), tool, uint64(id), uint64(0), uint64(0), uint64(0), uint64(0), uint64(1), uint64(0), uint64(0))
	}
	s.pending["first_active (tool, person, day, version)"] = append(s.pending["first_active (tool, person, day, version)"],
		[]any{tool, uint64(id), day(days[0]).Time(), uint64(1)})
}

// seatCompany has, on Saturday 2026-10-31, whose 28 days begin on 2026-10-04, seats of the wiki: ten people of legal, 1 to 10, held
// since January; 11 to 15 of legal since 2026-10-05, a day too late; sales, 21 to 30, in two licences that follow each other;
// 41 to 43 of nobody. 31 of sales lost the licence the day before. Active: 1 to 4, 11, 21 to 27 in the window; 5 on the day before it;
// 22 only by signing in.
func seatCompany(t *testing.T) seatStore {
	s := seatStore{newStore(t)}
	s.unit("legal", "company", "Legal")
	s.unit("sales", "company", "Sales")
	s.exec("INSERT INTO tools VALUES ('wiki', 'Team wiki', 'wiki', 'Maker', 40, 0, '', 1)")
	for id := 1; id <= 15; id++ {
		s.person(id, "legal")
	}
	for id := 21; id <= 31; id++ {
		s.person(id, "sales")
	}
	for id := 1; id <= 10; id++ {
		s.licence(id, "wiki", "2026-01-01", "2149-06-06")
	}
	for id := 11; id <= 15; id++ {
		s.licence(id, "wiki", "2026-10-05", "2149-06-06")
	}
	for id := 21; id <= 30; id++ {
		s.licence(id, "wiki", "2026-01-01", "2026-10-15")
		s.licence(id, "wiki", "2026-10-16", "2026-12-31")
	}
	s.licence(31, "wiki", "2026-01-01", "2026-10-30")
	for id := 41; id <= 43; id++ {
		s.licence(id, "wiki", "2026-01-01", "2149-06-06")
	}
	for _, id := range []int{1, 2, 3, 4, 11, 21, 23, 24, 25, 26, 27, 41} {
		s.reads(id, "wiki", "2026-10-04", "2026-10-31")
	}
	s.reads(5, "wiki", "2026-10-03")
	s.insert("person_day", 9, day("2026-10-20"), "wiki", uint64(22), uint64(0), uint64(0), uint64(0), uint64(0), uint64(0), uint64(3), uint64(0))
	s.events("feed", "wiki", day("2026-10-01"), day("2026-10-31"))
	d := day("2026-10-31")
	s.heads(d.FirstOfMonth(), "legal", 15, "sales", 11)
	s.heads(d, "legal", 15, "sales", 11)
	s.sizes(d, "wiki", "legal", 15, "sales", 10)
	s.publish()
	return s
}

func (s seatStore) seatsOf(q SeatsQuestion) []SeatsRow {
	s.t.Helper()
	q.To = day("2026-10-31")
	answer, err := s.Seats(context.Background(), q)
	require.NoError(s.t, err)
	return answer.Rows
}

func TestSeatsAreCounted(t *testing.T) {
	s := seatCompany(t)
	rows := s.seatsOf(SeatsQuestion{Children: true})
	require.Len(t, rows, 4) // company, legal, sales, unassigned
	for i, want := range []SeatsRow{
		// 25 enabled and 3 leavers of 40 seats bought; 20 held for 28 days: idle are 5 to 10, 22 and 28 to 30 = 10, of whom 5 was active once.
		{Bought: u64(40), Assigned: u64(28), Unassigned: u64(12), HeldByLeavers: u64(3), Held28: u64(20), Idle: u64(10), NeverUsed: u64(9), Unused: u64(13), UnusedShare: f64(13.0 / 28)},
		{Assigned: u64(15), HeldByLeavers: u64(0), Held28: u64(10), Idle: u64(6), NeverUsed: u64(5), Unused: u64(6), UnusedShare: f64(6.0 / 15)},
		{Assigned: u64(10), HeldByLeavers: u64(0), Held28: u64(10), Idle: u64(4), NeverUsed: u64(4), Unused: u64(4), UnusedShare: f64(0.4)},
		{Assigned: u64(3), HeldByLeavers: u64(3), Held28: u64(0), Idle: u64(0), NeverUsed: u64(0), Unused: u64(3), UnusedShare: f64(1)},
	} {
		want.RowFrame = rows[i].RowFrame
		assert.Equal(t, want, rows[i])
	}
	assert.Equal(t, []string{"company", "legal", "sales", "unassigned"}, []string{rows[0].Unit, rows[1].Unit, rows[2].Unit, rows[3].Unit})

	_, err := s.Seats(context.Background(), SeatsQuestion{Tool: "nothing"})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	_, err = s.Seats(context.Background(), SeatsQuestion{Unit: "nowhere"})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	earlier, err := s.Seats(context.Background(), SeatsQuestion{To: day("2026-10-30")})
	require.NoError(t, err)
	assert.Empty(t, earlier.Rows, "there are no figures for this day")
}

// What is remembered of a day is forgotten where a late event, or the directory, changes it.
func TestSeatsFollowTheDataBehindThem(t *testing.T) {
	s := seatCompany(t)
	assert.Equal(t, u64(6), s.seatsOf(SeatsQuestion{Unit: "legal"})[0].Idle)
	s.reads(10, "wiki", "2026-10-07")
	s.publish()
	assert.Equal(t, u64(5), s.seatsOf(SeatsQuestion{Unit: "legal"})[0].Idle)

	s.licence(50, "wiki", "2026-01-01", "2149-06-06")
	s.person(50, "legal")
	s.flush()
	row := s.seatsOf(SeatsQuestion{Unit: "legal"})[0]
	assert.Nil(t, row.Idle, "the directory has changed, the figures have not yet")
	assert.Nil(t, row.Assigned)
	s.heads(day("2026-10-31"), "legal", 16, "sales", 11)
	s.sizes(day("2026-10-31"), "wiki", "legal", 16, "sales", 10)
	s.publish()
	assert.Equal(t, u64(6), s.seatsOf(SeatsQuestion{Unit: "legal"})[0].Idle)

	// Attributes are judged beside eleven of legal who have held their seat for 28 days: so many there are. Then it turns out
	// that 11 had the seat before, too: as many have access, but what is told here and there must be of the same people.
	s.exec(`INSERT INTO kpi_cell (day, run, unit, tools, seated, people) VALUES ('2026-10-31', 9, 'legal', ['all', 'wiki'], ['wiki'], 11),
		('2026-10-31', 9, 'legal', ['all', 'wiki'], [], 5), ('2026-10-31', 9, 'sales', ['all', 'wiki'], ['wiki'], 10), ('2026-10-31', 9, 'sales', [], [], 1)`)
	s.exec("INSERT INTO refreshed VALUES ('kpi_cell', '2026-10-31', 9)")
	assert.Equal(t, u64(6), s.seatsOf(SeatsQuestion{Unit: "legal"})[0].Idle)
	s.licence(11, "wiki", "2026-01-01", "2026-10-04")
	s.flush()
	assert.Nil(t, s.seatsOf(SeatsQuestion{Unit: "legal"})[0].Idle)
}

// The seats of legal are of 10 people who have held theirs for 28 days and 5 who have not. At a minimum of 6 the five are
// too few: their 4 inactive ones would be the pyramid's 10 less the 6 told here. So legal is silent, and the company, because
// of sales all is known: there everybody has held a seat for long, so the pyramid's inactive are the idle.
func TestSeatsDoNotTellOfTheFewWhoGotAccessLately(t *testing.T) {
	s := seatCompany(t)
	s.MinGroup = 6
	rows := s.seatsOf(SeatsQuestion{Children: true})
	for _, row := range rows[:2] {
		assert.Nil(t, row.Idle, row.Unit)
		assert.Nil(t, row.NeverUsed, row.Unit)
		assert.Nil(t, row.Unused, row.Unit)
	}
	assert.Equal(t, u64(15), rows[1].Assigned)
	assert.Equal(t, u64(4), rows[2].Idle)
}
