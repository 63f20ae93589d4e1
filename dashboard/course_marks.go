package dashboard

import (
	"strconv"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
	"uptake/value/stage"
)

// courseMarks are what was done in the weeks of a course: marks on its time axis, by number, the lines below it that say what each
// number is, and the same for the rows of its table, by week. A mark stands before the week in which it falls.
func (d *reader) courseMarks(ends []adoption.Day, events []query.Event) (marks []chart.Mark, lines []string, byWeek map[int]string) {
	byWeek = map[int]string{}
	week := 0
	for _, e := range events {
		for week < len(ends) && ends[week] < e.Day {
			week++
		}
		if week == len(ends) {
			break
		}
		if e.Day <= ends[week]-7 { // before the first week, or in one that nothing is known of
			continue
		}
		number := strconv.Itoa(len(lines) + 1)
		what := d.eventWords(e)
		lines = append(lines, d.words.text("course.mark", "number", number, "date", d.date(e.Day), "what", what))
		if n := len(marks); n > 0 && marks[n-1].Index == week {
			marks[n-1].Label += ", " + number
			byWeek[week] += "; " + what
			continue
		}
		marks = append(marks, chart.Mark{Index: week, Label: number})
		byWeek[week] = what
	}
	return marks, lines, byWeek
}

// eventWords say what was done.
func (d *reader) eventWords(e query.Event) string {
	name := e.Name
	if e.Kind == query.EventStage {
		name = d.stageName(stage.Stage(e.Name))
	}
	return d.words.text("course.event."+e.Kind, "name", name, "tool", e.Tool, "unit", e.Unit)
}
