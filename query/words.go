package query

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"uptake/adoption"
)

// percent writes a share as whole per cent, with one decimal where whole ones would say 0 or 100 untruly.
func percent(share float64) string {
	whole := math.Round(share * 100)
	if (whole == 0 && share > 0) || (whole == 100 && share < 1) {
		return strconv.FormatFloat(share*100, 'f', 1, 64) + " %"
	}
	return strconv.FormatFloat(whole, 'f', 0, 64) + " %"
}

// points writes a change of a share in whole percentage points: "+5 points", "−1 point", "no change".
func points(change float64) string {
	n := math.Round(change * 100)
	switch {
	case n == 0:
		return "no change"
	case n > 0:
		return "+" + counted(n, "point", "points")
	default:
		return "−" + counted(-n, "point", "points")
	}
}

// counted writes a number with its word in the right form.
func counted(n float64, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return number(n) + " " + plural
}

// people writes a number of people.
func people(n uint64) string { return counted(float64(n), "person", "people") }

// number writes a whole number with its thousands apart.
func number(n float64) string {
	digits := strconv.FormatFloat(math.Round(n), 'f', 0, 64)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// date writes a day as in "3 October 2026".
func date(d adoption.Day) string { return d.Time().Format("2 January 2006") }

// enumerate writes names as in "chat, wiki and mail", at most three of them.
func enumerate(names []string) string {
	const most = 3
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
