package dashboard

import (
	"math"

	"uptake/adoption"
)

// begin says when the people of the story began: along the S-curve of their unit, those above its end never. Every second
// person has had access since before the story begins; the others came some weeks before they began, each in the place of
// somebody who never did, so that units stay as large as they are.
func (s *story) begin() {
	first, never := s.last-storyDays, adoption.LastDay
	s.into("kpi_begin (day, run, tool, person, unit, first_day, last_day, enabled, active, used)", func(add func(...any)) {
		for number, u := range storyUnits {
			for _, tool := range append([]storyTool{{id: adoption.AllTools, share: 1, licensed: true}}, storyTools...) {
				people := math.Round(u.people * hasAccess(u, tool))
				adopters := math.Round(people * min(.97, u.start+u.rise) * tool.share)
				for i := range int(people) {
					person := uint64(1000*number + i)
					span := func(person uint64, from, to, used adoption.Day) {
						add(adoption.Day(i%4).Time(), storyRun, tool.id, person, u.id, from.Time(), to.Time(), from.Time(), used.Time(), used.Time())
					}
					used := never
					if x := (float64(i) + .5) / adopters; x < 1 {
						used = s.last - adoption.Day(min(max(u.middle+24*math.Log((1-x)/x), 0), storyDays))
					}
					if came := used - adoption.Day(i*7%45); i%2 == 0 && used != never && came > first {
						span(person+500, first, came-1, never)
						span(person, came, never, used)
					} else {
						span(person, first, never, used)
					}
				}
			}
		}
	})
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		for group := range adoption.Day(4) {
			add("kpi_begin", group.Time(), storyRun)
		}
	})
}
