package config

import (
	"fmt"
	"strconv"
	"strings"

	"uptake/adoption"
)

// Retention is how long raw events are kept. The zero value keeps them for ever.
type Retention struct {
	months, days int
}

// ParseRetention reads "36 months", "400 days", "2 years" or "off" (also "off" by 0 or never).
func ParseRetention(text string) (Retention, error) {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 1 && words[0] == "off" {
		return Retention{}, nil
	}
	wrong := fmt.Errorf("%q is no retention: write it like `36 months`, `400 days` or `off`", text)
	if len(words) == 1 { // 36months
		if i := strings.IndexFunc(words[0], func(r rune) bool { return r < '0' || r > '9' }); i > 0 {
			words = []string{words[0][:i], words[0][i:]}
		}
	}
	if len(words) != 2 {
		return Retention{}, wrong
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 1 || n > 60000 {
		return Retention{}, wrong
	}
	switch strings.TrimSuffix(words[1], "s") {
	case "day":
		return Retention{days: n}, nil
	case "week":
		return Retention{days: 7 * n}, nil
	case "month":
		return Retention{months: n}, nil
	case "year":
		return Retention{months: 12 * n}, nil
	}
	return Retention{}, wrong
}

// FirstDay is the first day whose raw events are kept, seen from today: 1970-01-01 when all are.
func (r Retention) FirstDay(today adoption.Day) adoption.Day {
	if r == (Retention{}) {
		return 0
	}
	t := today.Time()
	// Months are counted from the first of the month: AddDate would turn 31 March minus one month into 3 March.
	first := t.AddDate(0, -r.months, -r.days)
	if r.months > 0 && first.Day() != t.Day() {
		first = first.AddDate(0, 0, -first.Day()) // the last day of the month meant
	}
	return max(0, adoption.Day(first.Unix()/86400))
}

// String writes the retention the way it is configured.
func (r Retention) String() string {
	switch {
	case r.months > 0:
		return fmt.Sprintf("%d months", r.months)
	case r.days > 0:
		return fmt.Sprintf("%d days", r.days)
	}
	return "off"
}
