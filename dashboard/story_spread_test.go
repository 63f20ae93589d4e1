package dashboard

import (
	"math"

	"uptake/adoption"
)

// storySpreadDays is how many days back habits and the spread of actions are known: before, nothing was computed.
const storySpreadDays = 130

// spread says what habits the people of the story have and how their actions spread over them: few do much.
func (s *story) spread() {
	known := func(f func(day adoption.Day, unit, tool string, active float64, actions uint64)) {
		s.days(func(day adoption.Day, ago int) {
			for _, u := range storyUnits {
				if ago > storySpreadDays || u.people == 0 {
					continue
				}
				var all uint64
				for _, tool := range storyTools {
					rate := u.rate(float64(ago)) * tool.shareAt(float64(ago))
					active := math.Round(math.Round(u.people*hasAccess(u, tool)) * rate)
					actions := uint64(math.Round(active * 28 * 2.6 * rate)) // as in uses
					all += actions
					f(day, u.id, tool.id, active, actions)
				}
				f(day, u.id, adoption.AllTools, math.Round(u.people*u.rate(float64(ago))), all)
			}
		})
	}
	s.into("kpi_habit (day, run, unit, tool, power, habitual, novice, low)", func(add func(...any)) {
		known(func(day adoption.Day, unit, tool string, active float64, _ uint64) {
			power, habitual, novice := math.Round(active*.18), math.Round(active*.31), math.Round(active*.29)
			add(day.Time(), storyRun, unit, tool, uint64(power), uint64(habitual), uint64(novice), uint64(active-power-habitual-novice))
		})
	})
	s.into("kpi_spread (day, run, unit, tool, contributions, amounts, people, contributed, contributors)", func(add func(...any)) {
		known(func(day adoption.Day, unit, tool string, active float64, actions uint64) {
			if active == 0 {
				return
			}
			acted, given := storySpread(int(active), actions, int(math.Round(active*.34)))
			amounts, people := bars(acted)
			contributed, contributors := bars(given)
			var contributions uint64
			for _, bar := range given {
				contributions += bar.Amount * bar.People
			}
			add(day.Time(), storyRun, unit, tool, contributions, amounts, people, contributed, contributors)
		})
	})
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		s.days(func(day adoption.Day, ago int) {
			if ago <= storySpreadDays {
				add("kpi_habit", day.Time(), storyRun)
				add("kpi_spread", day.Time(), storyRun)
			}
		})
	})
}

// storySpread shares actions among active people, the first of whom do the most and contribute a third of what they do.
func storySpread(active int, actions uint64, creators int) (acted, given adoption.Histogram) {
	more := float64(max(actions, uint64(active)) - uint64(active)) // beyond one each
	upTo := func(i int) float64 { return math.Floor(more * (1 - math.Pow(1-float64(i)/float64(active), 3))) }
	for i := range active {
		n := 1 + uint64(upTo(i+1)-upTo(i))
		acted.Add(n, 1)
		if i < creators {
			given.Add((n+2)/3, 1)
		}
	}
	return acted, given
}

// bars are a histogram as the store has it.
func bars(h adoption.Histogram) (amounts, people []uint64) {
	amounts, people = []uint64{}, []uint64{}
	for _, bar := range h {
		amounts, people = append(amounts, bar.Amount), append(people, bar.People)
	}
	return amounts, people
}
