package query

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// cohort is one row of kpi_cohort, of the wiki: who of a unit began in the week of the Monday cohort and in that month,
// and was active in a week.
func (s *store) cohort(week, unit, cohort, month string, people int) {
	s.insert("kpi_cohort", 5, day(week), unit, "wiki", day(cohort).Time(), day(month).Time(), uint64(people))
}

// cohortsCompany is East (40 people) and West (30), all with access to the wiki. Today is Monday 2026-11-02; the week of
// 10-26 lies in October and in November, whose first day is a Sunday.
func cohortsCompany(t testing.TB, east2 int) *store {
	s := newStore(t)
	s.licensed("wiki")
	s.events("feed", "wiki", day("2026-10-05"), day("2026-11-02"))
	for d := day("2026-10-01"); d <= day("2026-11-02"); d++ {
		s.heads(d, "east", 40, "west", 30)
		s.sizes(d, "wiki", "east", 40, "west", 30)
	}
	for _, monday := range []string{"2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26", "2026-11-02"} {
		s.written("kpi_cohort", day(monday))
	}
	october, november := "2026-10-01", "2026-11-01"
	both := func(week, cohort, month string, east, west int) {
		for unit, people := range map[string]int{"east": east, "west": west} {
			if people > 0 {
				s.cohort(week, unit, cohort, month, people)
			}
		}
	}
	both("2026-10-05", "2026-10-05", october, 10, 8)
	both("2026-10-12", "2026-10-05", october, 7, 4)
	both("2026-10-19", "2026-10-05", october, 6, 5)
	both("2026-10-26", "2026-10-05", october, 5, 4)
	both("2026-11-02", "2026-10-05", october, 1, 0)
	both("2026-10-12", "2026-10-12", october, east2, 7)
	both("2026-10-19", "2026-10-12", october, 3, 7)
	both("2026-10-26", "2026-10-12", october, 2, 5)
	both("2026-10-19", "2026-10-19", october, 6, 5)
	both("2026-10-26", "2026-10-19", october, 1, 0)
	both("2026-10-26", "2026-10-26", october, 8, 5)
	both("2026-10-26", "2026-10-26", november, 6, 0)
	both("2026-11-02", "2026-10-26", october, 2, 0)
	both("2026-11-02", "2026-10-26", november, 3, 0)
	both("2026-11-02", "2026-11-02", november, 1, 0)
	s.publish()
	return s
}

// cohortLine is a row in short: its cohort, size and the active people by k; − is nil, ~ marks what runs, # a suppressed row.
func cohortLine(row RetentionRow) string {
	number := func(n *uint64) string {
		if n == nil {
			return "−"
		}
		return fmt.Sprint(*n)
	}
	line := []string{row.Unit, row.Cohort.String(), number(row.Size) + ":"}
	for i, week := range row.Weeks {
		if week.K != i {
			return "k is not in order"
		}
		text := number(week.Active)
		if week.Running {
			text += "~"
		}
		line = append(line, text)
	}
	if row.Suppressed {
		line = append(line, "#")
	}
	return strings.Join(line, " ")
}

func (s *store) retention(unit, from, to string, grain adoption.Grain, children bool) (lines []string) {
	s.t.Helper()
	answer, err := s.Retention(context.Background(), AdoptionQuestion{Unit: unit, Tool: "wiki", From: day(from), To: day(to), Grain: grain, Children: children})
	require.NoError(s.t, err)
	for _, row := range answer.Rows {
		if row.Unit == adoption.Unassigned {
			require.Equal(s.t, u64(0), row.Size, "nobody without a unit has access")
			continue
		}
		lines = append(lines, cohortLine(row))
	}
	return lines
}

// All cohorts have five people or more in both units: everything is shown.
func TestRetentionByWeek(t *testing.T) {
	s := cohortsCompany(t, 6)
	assert.Equal(t, []string{
		"company 2026-10-05 18: 18 11 11 9 1~", // 10+8, 7+4, 6+5, 5+4, 1
		"east 2026-10-05 10: 10 7 6 5 1~",
		"west 2026-10-05 8: 8 4 5 4 0~",
		"company 2026-10-12 13: 13 10 7 0~",
		"east 2026-10-12 6: 6 3 2 0~",
		"west 2026-10-12 7: 7 7 5 0~",
	}, s.retention("company", "2026-10-05", "2026-10-18", adoption.ByWeek, true))
	// The week of 10-26 has those of October and of November: 8+5+6; of them 2+3 a week later. West's cohort is 5, East's 14.
	assert.Equal(t, []string{"company 2026-10-26 19: 19 5~", "company 2026-11-02 1: 1~"}, s.retention("company", "2026-10-26", "2026-11-02", adoption.ByWeek, false))
	assert.Equal(t, []string{"west 2026-10-26 5: 5 0~"}, s.retention("west", "2026-10-28", "2026-10-30", adoption.ByWeek, false))

	answer, err := s.Retention(context.Background(), AdoptionQuestion{Unit: "east", Tool: "wiki", From: day("2026-10-05"), To: day("2026-10-11"), Grain: adoption.ByWeek})
	require.NoError(t, err)
	row := answer.Rows[0]
	assert.Equal(t, f64(0.7), row.Weeks[1].Rate)
	assert.Equal(t, f64(1), row.Weeks[0].Rate)
	assert.Equal(t, "2026-10-11", row.Date.String())
	assert.Equal(t, uint64(40), row.Enabled)
	assert.Equal(t, "2026-11-02T10:00:00Z", answer.DataUntil.Format("2006-01-02T15:04:05Z07:00"), "cohorts are followed up to today")
}

// October is the weeks of 10-05, 10-12 and 10-19, and of that of 10-26 those who began by the 31st: 18 + 13 + 11 + 13 = 55. A
// week later 11 of the first, 10 of the second, 1 of the third, 2 of the last. k ends with the last week's. November is the 6 of
// the Sunday and the one of today.
func TestRetentionByMonth(t *testing.T) {
	s := cohortsCompany(t, 6)
	assert.Equal(t, []string{"company 2026-10-01 55: 55 24~", "company 2026-11-01 7: 7~"}, s.retention("company", "2026-10-01", "2026-11-02", adoption.ByMonth, false))
	assert.Equal(t, []string{"company 2026-10-01 55: 55 24~"}, s.retention("company", "2026-10-20", "2026-10-21", adoption.ByMonth, false), "the whole month, though the question cuts it")
}

// Three people of East began in the week of 10-12. They are hidden of East, and with them West, which is the company less
// East. A week later, in that of 10-19, both units' life cycles less the cohort of 10-05 would tell them: so it is
// hidden, too. In the weeks of 10-26 and 11-02 another cohort does that, the one of 10-19, which has the fewest people. The
// company shows everything.
func TestRetentionOfASmallCohort(t *testing.T) {
	s := cohortsCompany(t, 3)
	assert.Equal(t, []string{
		"company 2026-10-05 18: 18 11 11 9 1~",
		"east 2026-10-05 10: 10 7 − 5 1~",
		"west 2026-10-05 8: 8 4 − 4 0~",
		"company 2026-10-12 10: 10 10 7 0~",
		"east 2026-10-12 3: 3 − − −~ #",
		"west 2026-10-12 7: 7 − − −~ #",
		"company 2026-10-19 11: 11 1 0~",
		"east 2026-10-19 6: 6 − −~ #",
		"west 2026-10-19 5: 5 − −~ #",
		"company 2026-10-26 19: 19 5~",
		"east 2026-10-26 14: 14 5~",
		"west 2026-10-26 5: 5 0~",
	}, s.retention("company", "2026-10-05", "2026-11-01", adoption.ByWeek, true))
	assert.Equal(t, []string{"east 2026-10-01 27: 27 −~ #"}, s.retention("east", "2026-10-01", "2026-10-31", adoption.ByMonth, false), "a month holds no week that is hidden")
}

// A unit that is hidden because four people have access has no cohorts; nor have those who are hidden with it, but in
// their rest.
func TestRetentionOfAHiddenUnit(t *testing.T) {
	s := cohortsCompany(t, 6)
	for d := day("2026-10-01"); d <= day("2026-11-02"); d++ {
		s.heads(d, "east", 40, "west", 30, "legal", 4)
		s.sizes(d, "wiki", "east", 40, "west", 30, "legal", 4)
	}
	s.publish()
	assert.Equal(t, []string{
		"company 2026-10-05 18: 18 11 11 9 1~",
		"east 2026-10-05 10: 10 7 6 5 1~",
		"legal 2026-10-05 −: − − − − −~ #",
		"west 2026-10-05 −: − − − − −~ #",
		"company.rest 2026-10-05 8: 8 4 5 4 0~",
	}, s.retention("company", "2026-10-05", "2026-10-11", adoption.ByWeek, true))
	assert.Equal(t, []string{"company.rest 2026-10-05 8: 8 4 5 4 0~"}, s.retention("company.rest", "2026-10-05", "2026-10-11", adoption.ByWeek, false))
}

// While a refresh has yet to count the last weeks, rows end before them.
func TestRetentionOfWeeksThatAreNotCountedYet(t *testing.T) {
	s := cohortsCompany(t, 6)
	s.exec("DELETE FROM refreshed WHERE about = 'kpi_cohort' AND day >= '2026-10-26' SETTINGS lightweight_deletes_sync = 2")
	assert.Equal(t, []string{"company 2026-10-05 18: 18 11 11"}, s.retention("company", "2026-10-05", "2026-10-11", adoption.ByWeek, false))
}

func TestRetentionOfACompanyWithoutAnything(t *testing.T) {
	s := newStore(t)
	answer, err := s.Retention(context.Background(), AdoptionQuestion{From: day("2026-08-03"), To: day("2026-11-02")})
	require.NoError(t, err)
	assert.Empty(t, answer.Rows)
	assert.NotNil(t, answer.Rows)
}

func TestAQuestionAboutRetention(t *testing.T) {
	// 2026-11-05 is a Thursday; 12 weeks before its Monday is 08-10. The sixth month back from November is June.
	today := day("2026-11-05")
	q, err := ParseRetention(url.Values{}, today)
	require.NoError(t, err)
	assert.Equal(t, AdoptionQuestion{Unit: "company", Tool: "all", From: day("2026-08-10"), To: today, Grain: adoption.ByWeek}, q)
	q, err = ParseRetention(url.Values{"grain": {"month"}, "unit": {"east"}, "children": {"1"}}, today)
	require.NoError(t, err)
	assert.Equal(t, AdoptionQuestion{Unit: "east", Tool: "all", From: day("2026-06-01"), To: today, Grain: adoption.ByMonth, Children: true}, q)
	for name, values := range map[string]url.Values{"grain": {"grain": {"day"}}, "from": {"from": {"2026-11-06"}}, "k": {"k": {"3"}}} {
		_, err := ParseRetention(values, today)
		var failure *adoption.Error
		require.ErrorAs(t, err, &failure, name)
		assert.Equal(t, name, failure.Field)
	}
	s := newStore(t)
	_, err = s.Retention(context.Background(), AdoptionQuestion{Unit: "nowhere", From: today, To: today})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	_, err = s.Retention(context.Background(), AdoptionQuestion{Tool: "nothing", From: today, To: today})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	_, err = s.Retention(context.Background(), AdoptionQuestion{Grain: adoption.ByDay, From: today, To: today})
	assert.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
}
