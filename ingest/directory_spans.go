package ingest

import (
	"cmp"
	"slices"

	"uptake/adoption"
)

// days is a span of days, both ends included.
type days struct{ first, last adoption.Day }

// A stay says that something was so on a span of days: a person in a unit, or with access to a tool.
type stay struct {
	days
	where string
}

// differences are the spans up to limit on which two lists of stays say different things. Each list is sorted and
// none of its stays overlap.
func differences(before, after []stay, limit adoption.Day) []days {
	var result []days
	for day := adoption.Day(0); day <= limit; {
		was, until := at(&before, day)
		is, end := at(&after, day)
		end = min(end, until, limit)
		if was != is {
			result = append(result, days{day, end})
		}
		day = end + 1
	}
	return result
}

// at says what holds on a day, "" for nothing, and the last day for which that stays so. It drops the stays that
// are over, so days must be asked in order.
func at(stays *[]stay, day adoption.Day) (where string, until adoption.Day) {
	for len(*stays) > 0 && (*stays)[0].last < day {
		*stays = (*stays)[1:]
	}
	switch {
	case len(*stays) == 0:
		return "", adoption.LastDay
	case (*stays)[0].first > day:
		return "", (*stays)[0].first - 1
	}
	return (*stays)[0].where, (*stays)[0].last
}

// merge sorts spans and joins those that overlap or touch.
func merge(all []days) []days {
	slices.SortFunc(all, func(a, b days) int { return cmp.Compare(a.first, b.first) })
	var result []days
	for _, d := range all {
		if n := len(result); n > 0 && d.first <= result[n-1].last+1 {
			result[n-1].last = max(result[n-1].last, d.last)
			continue
		}
		result = append(result, d)
	}
	return result
}

// A dated row belongs to somebody and is known by its first day; of two with the same first day the later replaces
// the earlier.
type dated interface {
	comparable
	begins() adoption.Day
}

// overlay lays the incoming rows of one owner over the stored ones, each sorted by their first day and with one
// row a day: all rows as they will be, and those of them that differ from what is stored.
func overlay[R dated](stored, incoming []R) (all, changed []R) {
	for len(stored) > 0 || len(incoming) > 0 {
		switch {
		case len(incoming) == 0 || len(stored) > 0 && stored[0].begins() < incoming[0].begins():
			all = append(all, stored[0])
			stored = stored[1:]
			continue
		case len(stored) > 0 && stored[0].begins() == incoming[0].begins():
			if stored[0] != incoming[0] {
				changed = append(changed, incoming[0])
			}
			stored = stored[1:]
		default:
			changed = append(changed, incoming[0])
		}
		all = append(all, incoming[0])
		incoming = incoming[1:]
	}
	return all, changed
}
