package dashboard

import (
	"errors"
	"math"
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

// locale is how a language writes numbers and dates, as its file says under "language".
type locale struct {
	Name      string   `json:"name"`      // of the language, in itself
	Decimal   string   `json:"decimal"`   // the mark before decimals
	Thousands string   `json:"thousands"` // the mark between thousands
	Thousand  string   `json:"thousand"`  // the unit of thousands: k
	Million   string   `json:"million"`   // and of millions: M
	Months    []string `json:"months"`    // twelve, short, as in a date
	// LongMonths are those of a date within a sentence.
	LongMonths []string `json:"long_months"`
	// Patterns of {day}, {month} and {year}; {time} beside {date} in Clock. Their spaces do not break.
	Date      string `json:"date"`
	ShortDate string `json:"short_date"`
	MonthYear string `json:"month_year"`
	Clock     string `json:"clock"`
}

func (l *locale) check() error {
	var wrong []error
	for name, text := range map[string]string{"name": l.Name, "decimal": l.Decimal, "thousand": l.Thousand, "million": l.Million} {
		if text == "" {
			wrong = append(wrong, errors.New(name+" is missing"))
		}
	}
	if len(l.Months) != 12 || len(l.LongMonths) != 12 {
		wrong = append(wrong, errors.New("months and long_months have to name twelve"))
	}
	for _, p := range []struct {
		name, pattern string
		holds         []string
	}{
		{"date", l.Date, []string{"{day}", "{month}", "{year}"}}, {"short_date", l.ShortDate, []string{"{day}", "{month}"}},
		{"month_year", l.MonthYear, []string{"{month}", "{year}"}}, {"clock", l.Clock, []string{"{date}", "{time}"}},
	} {
		for _, part := range p.holds {
			if !strings.Contains(p.pattern, part) {
				wrong = append(wrong, errors.New(p.name+" lacks "+part))
			}
		}
	}
	return errors.Join(wrong...)
}

// count writes a whole number with thousands apart: 130,000.
func count[T ~int | ~int64 | ~uint64 | ~uint32](l *locale, n T) string {
	return l.group(strconv.FormatInt(int64(n), 10))
}

// percent writes a rate of 0..1 with the given decimals: 63.6 %.
func (l *locale) percent(rate float64, decimals int) string {
	return l.decimal(rate*100, decimals) + nbsp + "%"
}

// signed writes a difference with its sign: +4.7, −0.3, ±0.0.
func (l *locale) signed(v float64, decimals int) string {
	text := l.decimal(math.Abs(v), decimals)
	switch {
	case !strings.ContainsAny(text, "123456789"):
		return "±" + text
	case v > 0:
		return "+" + text
	default:
		return minus + text
	}
}

// decimal writes v with thousands apart and the given decimals.
func (l *locale) decimal(v float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, fraction, has := strings.Cut(text, ".")
	text = l.group(whole)
	if has {
		text += l.Decimal + fraction
	}
	if v < 0 && strings.ContainsAny(text, "123456789") {
		return minus + text
	}
	return text
}

// compact writes a number with at most three significant digits: 950, 53.1 k, 12.4 M.
func (l *locale) compact(v float64) string {
	switch abs := math.Abs(v); {
	case abs >= 999_500:
		return l.significant(v/1e6) + nbsp + l.Million
	case abs >= 9_995:
		return l.significant(v/1e3) + nbsp + l.Thousand
	default:
		return l.decimal(v, 0)
	}
}

func (l *locale) significant(v float64) string {
	switch abs := math.Abs(v); {
	case abs >= 99.95:
		return l.decimal(v, 0)
	case abs >= 9.995:
		return l.decimal(v, 1)
	default:
		return l.decimal(v, 2)
	}
}

func (l *locale) group(digits string) string {
	negative := strings.HasPrefix(digits, "-")
	digits = strings.TrimPrefix(digits, "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + l.Thousands + digits[i:]
	}
	if negative {
		return minus + digits
	}
	return digits
}

// pattern puts the parts of a day into a pattern.
func pattern(pattern string, months []string, t time.Time) string {
	year, month, day := t.Date()
	return strings.NewReplacer(" ", nbsp, "{day}", strconv.Itoa(day), "{month}", months[month-1], "{year}", strconv.Itoa(year)).Replace(pattern)
}

// date writes a day: 22 Nov 2026.
func (l *locale) date(d adoption.Day) string { return pattern(l.Date, l.Months, d.Time()) }

// longDate writes a day within a sentence: 22 November 2026.
func (l *locale) longDate(d adoption.Day) string { return pattern(l.Date, l.LongMonths, d.Time()) }

// shortDate leaves the year out: 22 Nov.
func (l *locale) shortDate(d adoption.Day) string { return pattern(l.ShortDate, l.Months, d.Time()) }

// month writes the month of a day, with the year or without: Nov 2026.
func (l *locale) month(d adoption.Day, year bool) string {
	if year {
		return pattern(l.MonthYear, l.Months, d.Time())
	}
	return l.Months[d.Time().Month()-1]
}

// clock writes an instant in the reporting zone: 22 Nov 2026, 08:30.
func (l *locale) clock(t time.Time, zone *time.Location) string {
	in := t.In(zone)
	return strings.NewReplacer("{date}", pattern(l.Date, l.Months, in), "{time}", in.Format("15:04")).Replace(l.Clock)
}
