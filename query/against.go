package query

import (
	"fmt"

	"uptake/adoption"
)

// Against names the earlier 28 days that a page compares its 28 days with.
type Against string

const (
	AgainstBefore   Against = "before" // the 28 days before
	AgainstYearAgo  Against = "year"   // the same 28 days of the year before, by weeks
	daysOfAYear             = 364      // 52 weeks: each day meets the same weekday, which a date of the year before does not
	againstYearTail         = "_year"
)

// ParseAgainst reads a comparison; "" is AgainstBefore. InvalidParameter names the field compare.
func ParseAgainst(text string) (Against, error) {
	switch a := Against(text); a {
	case "":
		return AgainstBefore, nil
	case AgainstBefore, AgainstYearAgo:
		return a, nil
	}
	return AgainstBefore, adoption.Invalid("compare", fmt.Sprintf("%q is nothing to compare with. Write before or year.", text))
}

// before is the last day of the earlier 28.
func (a Against) before(day adoption.Day) adoption.Day {
	if a == AgainstYearAgo {
		return day - daysOfAYear
	}
	return day - WindowDays
}

// suffix is the end of the keys of texts that speak of the earlier days otherwise than those for the 28 days before.
func (a Against) suffix() string {
	if a == AgainstYearAgo {
		return againstYearTail
	}
	return ""
}
