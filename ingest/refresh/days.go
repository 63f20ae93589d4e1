package refresh

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"uptake/adoption"
)

// days is a set of days.
type days map[adoption.Day]struct{}

// add puts the days from..to into the set; none where from lies after to.
func (s days) add(from, to adoption.Day) {
	for d := from; d <= to; d++ {
		s[d] = struct{}{}
	}
}

// clip drops the days outside from..to.
func (s days) clip(from, to adoption.Day) {
	maps.DeleteFunc(s, func(d adoption.Day, _ struct{}) bool { return d < from || d > to })
}

func (s days) sorted() []adoption.Day { return slices.Sorted(maps.Keys(s)) }

// stretch is days one after the other, both ends included.
type stretch struct{ from, to adoption.Day }

func (s stretch) days() int { return int(s.to-s.from) + 1 }

// stretches are the set's days as stretches of at most longest days, in order.
func (s days) stretches(longest int) []stretch {
	var all []stretch
	for _, d := range s.sorted() {
		if n := len(all); n > 0 && d == all[n-1].to+1 && d < all[n-1].from+adoption.Day(longest) {
			all[n-1].to = d
			continue
		}
		all = append(all, stretch{d, d})
	}
	return all
}

// near cuts days in order into parts whose first and last lie less than span days apart.
func near(list []adoption.Day, span adoption.Day) (parts [][]adoption.Day) {
	for _, d := range list {
		if n := len(parts); n > 0 && d < parts[n-1][0]+span {
			parts[n-1] = append(parts[n-1], d)
			continue
		}
		parts = append(parts, []adoption.Day{d})
	}
	return parts
}

// dayOf is the day of a Date as the driver reads it: midnight UTC.
func dayOf(t time.Time) adoption.Day { return adoption.DayOf(t, time.UTC) }

// dateList writes days as an Array(Date) parameter.
func dateList(list []adoption.Day) string {
	texts := make([]string, len(list))
	for i, d := range list {
		texts[i] = "'" + d.String() + "'"
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// numberList writes numbers as an Array(UInt64) parameter.
func numberList(list []uint64) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.FormatUint(n, 10)
	}
	return "[" + strings.Join(texts, ",") + "]"
}
