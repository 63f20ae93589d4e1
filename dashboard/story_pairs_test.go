package dashboard

import (
	"math"
	"time"

	"uptake/adoption"
)

// pairs says how much the people of the story interact, on workdays: mostly within their unit, else with others the more
// the larger both are; sales and marketing five times as much. The plants keep to themselves.
func (s *story) pairs() {
	s.into("kpi_pair (day, run, tool, from_unit, to_unit, interactions)", func(add func(...any)) {
		s.days(func(day adoption.Day, ago int) {
			if weekday := day.Weekday(); ago > 60 || weekday == time.Saturday || weekday == time.Sunday {
				return
			}
			for number, tool := range storyTools[:3] {
				for _, from := range storyUnits {
					for _, to := range storyUnits {
						if n := math.Round(storyPair(from, to) / float64(number+1)); n > 0 {
							add(day.Time(), storyRun, tool.id, from.id, to.id, uint64(n))
						}
					}
				}
			}
		})
	})
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		s.days(func(day adoption.Day, _ int) { add("kpi_pair", day.Time(), storyRun) })
	})
}

// storyPair is about how much the people of a unit address those of another one, or each other, on a workday.
func storyPair(from, to storyUnit) float64 {
	switch pair := [2]string{from.id, to.id}; {
	case from.people == 0 || to.people == 0:
		return 0
	case from.id == to.id:
		return from.people * from.rate(0) * 2
	case from.parent == "production" && to.parent != "production" || from.parent != "production" && to.parent == "production":
		return from.people * to.people / 3_000
	case pair == [2]string{"sales", "marketing"} || pair == [2]string{"marketing", "sales"}:
		return from.people * to.people / 40
	}
	return from.people * to.people / 200
}
