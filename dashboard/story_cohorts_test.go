package dashboard

import (
	"encoding/json"
	"math"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
)

// storyRollout is when chat came to those who had not had it: so many days before the end.
const storyRollout = 27

// storyBegun is how many of a unit use a tool for the first time in the week that began so many days ago.
func storyBegun(u storyUnit, tool storyTool, ago int) float64 {
	sunday := max(ago-6, 0) // of the running week: today
	if u.people == 0 || sunday > tool.began {
		return 0
	}
	active := activeOfWeek(math.Round(u.people*hasAccess(u, tool)) * u.rate(float64(sunday)) * tool.shareAt(float64(sunday)))
	begun := math.Max(0, math.Round(u.people*(u.rate(float64(ago))-u.rate(float64(ago+7)))))
	if ago == storyRollout && tool.id == "chat" && (u.id == "plant-north" || u.id == "engineering") {
		begun += 9
	}
	return math.Min(active, begun)
}

// cohorts says how those who began stayed: half of them for long, the others less and less. Of a week that lies in two
// months, half begin in the first.
func (s *story) cohorts() {
	s.into("kpi_cohort (day, run, unit, tool, cohort, month, people)", func(add func(...any)) {
		s.days(func(cohort adoption.Day, ago int) {
			if cohort != cohort.Monday() {
				return
			}
			for _, u := range storyUnits {
				for _, tool := range append([]storyTool{{id: adoption.AllTools, licensed: true, share: 1, began: storyDays}}, storyTools...) {
					s.follow(cohort, storyBegun(u, tool, ago), func(week, month adoption.Day, people float64) {
						if people > 0 {
							add(week.Time(), storyRun, u.id, tool.id, cohort.Time(), month.Time(), uint64(people))
						}
					})
				}
			}
		})
	})
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		s.days(func(day adoption.Day, _ int) {
			if day == day.Monday() {
				add("kpi_cohort", day.Time(), storyRun)
			}
		})
	})
}

// follow counts those who began with a tool in a week, in that week and in each later one.
func (s *story) follow(cohort adoption.Day, begun float64, add func(week, month adoption.Day, people float64)) {
	first, next := cohort.FirstOfMonth(), (cohort + 6).FirstOfMonth()
	for k := 0; k <= 52 && cohort+adoption.Day(7*k) <= s.last; k++ {
		week, active := cohort+adoption.Day(7*k), math.Round(begun*(.5+.5*math.Exp(-float64(k)/5)))
		if first == next {
			add(week, first, active)
			continue
		}
		early := math.Ceil(active / 2)
		add(week, first, early)
		add(week, next, active-early)
	}
}

// cohortsOfTheStory asks for those who began with chat when it was rolled out. In the week of 26 October, 9 people of Plant North did and,
// with one more, 10 of Engineering. The share that stays is ½ + ½·e^(−k/5), which is 1, 0.909, 0.835 and 0.774:
//
//	k            0   1            2            3
//	North        9   8.18 →  8    7.52 →  8    6.97 →  7
//	Engineering  10  9.09 →  9    8.35 →  8    7.74 →  8
//	company      19  17           16           15
//
// Of North 5 began in October and 4 in November. Of the 4 nothing later is told, and not of the 5 of Engineering beside
// them, which are the company's 9 less these. North is all of Production.
func cohortsOfTheStory(t *testing.T, v *visitor) {
	resp, body := v.get("/api/v1/retention?tool=chat&from=2026-10-26&to=2026-11-01&children=1", "Authorization", "Bearer reader-token")
	require.Equal(t, http.StatusOK, resp.StatusCode, body)
	var answer query.RetentionAnswer
	require.NoError(t, json.Unmarshal([]byte(body), &answer))
	told := map[string][]*uint64{}
	for _, row := range answer.Rows {
		told[row.Unit] = []*uint64{row.Size}
		for k, week := range row.Weeks {
			require.Equal(t, k, week.K)
			told[row.Unit] = append(told[row.Unit], week.Active)
		}
		assert.Equal(t, "2026-10-26", row.Cohort.String())
	}
	n := func(u uint64) *uint64 { return &u }
	assert.Equal(t, []*uint64{n(19), n(19), n(17), n(16), n(15)}, told["company"])
	assert.Equal(t, []*uint64{n(10), n(10), nil, nil, nil}, told["engineering"])
	assert.Equal(t, []*uint64{n(9), n(9), nil, nil, nil}, told["production"])
	assert.Equal(t, []*uint64{n(0), n(0), n(0), n(0), n(0)}, told["sales"])
	assert.Equal(t, []*uint64{nil, nil, nil, nil, nil}, told["legal"], "its life cycle is hidden")
}
