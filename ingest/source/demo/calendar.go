package demo

import (
	"time"

	"uptake/adoption"
)

// workShare is how much of the usual work is done on a day: little on weekends, less on Fridays and in August, hardly
// any between Christmas and New Year. No day is quite empty, so that the quiet week reads as quiet, not as a broken feed.
func workShare(day adoption.Day, shifts bool) float64 {
	date := day.Time()
	if share, holiday := holidayShare(date); holiday {
		return share
	}
	share := 1.0
	switch day.Weekday() {
	case time.Saturday:
		share = 0.03
		if shifts {
			share = 0.25
		}
	case time.Sunday:
		share = 0.015
	case time.Friday:
		share = 0.85
	}
	if date.Month() == time.August {
		share *= 0.85
	}
	return share
}

// holidayShare knows the holidays that fall on the same date each year.
func holidayShare(date time.Time) (share float64, holiday bool) {
	month, day := date.Month(), date.Day()
	switch {
	case month == time.December && (day == 25 || day == 26), month == time.January && day == 1, month == time.May && day == 1:
		return 0.01, true
	case month == time.December && day >= 24, month == time.January && day == 2:
		return 0.12, true
	}
	return 0, false
}
