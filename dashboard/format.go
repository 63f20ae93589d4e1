package dashboard

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"uptake/adoption"
)

// Numbers and dates as the reader writes them. A unit never stands apart from its number (no-break space), a minus
// is a minus sign, and what is not known has no number at all.
const (
	nbsp  = "\u00a0"
	minus = "\u2212"
)

var (
	beforeUnit = regexp.MustCompile(`(\d) (%|points?\b|days?\b|people\b)`)
	insideDate = regexp.MustCompile(`(\d) ((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)`)
)

// glued keeps numbers and their units, and days and their months, on one line in a sentence made elsewhere.
func glued(sentence string) string {
	return insideDate.ReplaceAllString(beforeUnit.ReplaceAllString(sentence, "$1"+nbsp+"$2"), "$1"+nbsp+"$2")
}

// count writes a whole number with thousands apart: 130,000.
func count[T ~int | ~int64 | ~uint64 | ~uint32](n T) string {
	return group(strconv.FormatInt(int64(n), 10))
}

// percent writes a rate of 0..1 with the given decimals: 63.6 %.
func percent(rate float64, decimals int) string {
	return decimal(rate*100, decimals) + nbsp + "%"
}

// signed writes a difference with its sign: +4.7, −0.3, ±0.0.
func signed(v float64, decimals int) string {
	text := decimal(math.Abs(v), decimals)
	switch {
	case strings.Trim(text, "0.") == "":
		return "±" + text
	case v > 0:
		return "+" + text
	default:
		return minus + text
	}
}

// decimal writes v with thousands apart and the given decimals.
func decimal(v float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, fraction, has := strings.Cut(text, ".")
	text = group(whole)
	if has {
		text += "." + fraction
	}
	if v < 0 && strings.Trim(text, "0.,") != "" {
		return minus + text
	}
	return text
}

// compact writes a number with at most three significant digits: 950, 5.31 k, 12.4 M.
func compact(v float64) string {
	switch abs := math.Abs(v); {
	case abs >= 999_500:
		return significant(v/1e6) + nbsp + "M"
	case abs >= 9_995:
		return significant(v/1e3) + nbsp + "k"
	default:
		return decimal(v, 0)
	}
}

func significant(v float64) string {
	switch abs := math.Abs(v); {
	case abs >= 99.95:
		return decimal(v, 0)
	case abs >= 9.995:
		return decimal(v, 1)
	default:
		return decimal(v, 2)
	}
}

func group(digits string) string {
	negative := strings.HasPrefix(digits, "-")
	digits = strings.TrimPrefix(digits, "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if negative {
		return minus + digits
	}
	return digits
}

// date writes a day: 22 Nov 2026.
func date(d adoption.Day) string { return d.Time().Format("2" + nbsp + "Jan" + nbsp + "2006") }

// shortDate leaves the year out: 22 Nov.
func shortDate(d adoption.Day) string { return d.Time().Format("2" + nbsp + "Jan") }

// clock writes an instant in the reporting zone: 22 Nov 2026, 08:30.
func clock(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2" + nbsp + "Jan" + nbsp + "2006, 15:04")
}
