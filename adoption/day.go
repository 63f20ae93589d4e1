package adoption

import (
	"fmt"
	"time"
)

// Day is a calendar day, counted in days since 1970-01-01. It has no time zone: the reporting zone decides
// which instants belong to it. ClickHouse's Date holds 1970-01-01 (0) to 2149-06-06 (65535).
type Day int32

// LastDay is the last day that the store can hold; a span that never ends has it as its end.
const LastDay Day = 65535

// DayOf is the day that the instant t falls on in zone loc.
func DayOf(t time.Time, loc *time.Location) Day {
	seconds := t.Unix()
	if loc != time.UTC { // looking up the offset costs more than the rest
		_, offset := t.In(loc).Zone()
		seconds += int64(offset)
	}
	day := seconds / 86400
	if seconds%86400 < 0 {
		day--
	}
	return Day(day)
}

// ParseDay reads a day written YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is no date (write YYYY-MM-DD)", s)
	}
	d := Day(t.Unix() / 86400)
	if d < 0 || d > LastDay {
		return 0, fmt.Errorf("%q lies outside 1970-01-01 to %s", s, LastDay)
	}
	return d, nil
}

// Time is midnight UTC of the day, the form in which the driver reads and writes a Date.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Start is the first instant of the day in zone loc.
func (d Day) Start(loc *time.Location) time.Time {
	y, m, dd := d.Time().Date()
	return time.Date(y, m, dd, 0, 0, 0, 0, loc)
}

// String writes the day as YYYY-MM-DD.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// MarshalText writes the day as YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a day written YYYY-MM-DD.
func (d *Day) UnmarshalText(text []byte) error {
	day, err := ParseDay(string(text))
	if err == nil {
		*d = day
	}
	return err
}

// Weekday is the day's day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

// Monday is the first day of the day's ISO week.
func (d Day) Monday() Day { return d - Day((int(d.Weekday())+6)%7) }

// FirstOfMonth is the first day of the day's month.
func (d Day) FirstOfMonth() Day {
	t := d.Time()
	return d - Day(t.Day()-1)
}

// FirstOfYear is the first day of the year that the day lies in; its years begin with the month first (1 to 12).
func (d Day) FirstOfYear(first time.Month) Day { return d.back(first, 12) }

// FirstOfQuarter is the first day of the quarter that the day lies in, of a year that begins with the month first (1 to 12).
func (d Day) FirstOfQuarter(first time.Month) Day { return d.back(first, 3) }

// back is the first day of the span of so many months that the day lies in; one such span begins with the month first. Nothing
// lies before day 0.
func (d Day) back(first time.Month, months int) Day {
	t := d.Time()
	ago := (int(t.Month()) - int(first) + 12) % months
	return max(Day(time.Date(t.Year(), t.Month()-time.Month(ago), 1, 0, 0, 0, 0, time.UTC).Unix()/86400), 0)
}

// EndOfMonth is the last day of the day's month.
func (d Day) EndOfMonth() Day {
	t := d.Time()
	return Day(time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
