package query

import (
	"math"
	"strconv"

	"uptake/adoption"
)

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

// exact writes a number with one decimal.
func exact(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
