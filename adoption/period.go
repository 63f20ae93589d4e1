package adoption

// Grain is the length of the periods of an answer.
type Grain string

const (
	ByDay   Grain = "day"
	ByWeek  Grain = "week" // ISO weeks
	ByMonth Grain = "month"
)

// PeriodEnd is the day that a period is dated by: its last day, or the day it was cut at.
type PeriodEnd struct {
	Date    Day
	Running bool // cut, or its last day is not over yet
}

// PeriodEnds are the ends of the periods of grain g that from..to touches, in order. Days after today do not
// exist yet: to is cut there. None where from lies after that.
func PeriodEnds(from, to Day, g Grain, today Day) []PeriodEnd {
	to = min(to, today)
	var ends []PeriodEnd
	for d := from; d <= to; {
		end := d
		switch g {
		case ByWeek:
			end = d.Monday() + 6
		case ByMonth:
			end = d.EndOfMonth()
		}
		p := PeriodEnd{Date: min(end, to)}
		p.Running = p.Date < end || p.Date == today
		ends = append(ends, p)
		d = end + 1
	}
	return ends
}
