package cases_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// until is data_until of a day's answer.
func (c *company) until(date string) string {
	c.t.Helper()
	var answer struct {
		Until string `json:"data_until"`
	}
	require.NoError(c.t, json.Unmarshal(c.ask("adoption", "from="+date+"&to="+date), &answer))
	return answer.Until
}

// In Berlin the night to Sunday 30 March 2025 has no hour from 02:00 to 03:00: the day lasts 23 hours, from 23:00Z on the
// 29th to 22:00Z on the 30th.
//
//	29 March 23:30+01:00 = 22:30Z   Sven, on the 29th
//	30 March 00:30+01:00 = 23:30Z on the 29th   Olga, on the 30th
//	30 March 02:30+01:00 = 01:30Z, which clocks in Berlin call 03:30   Olga, on the 30th
//	30 March 23:30+02:00 = 21:30Z   Olga, on the 30th
//	31 March 00:30+02:00 = 22:30Z on the 30th   Pia, on the 31st
//	30 March, a record without a time   Rosa, on the 30th
func TestTwentyThreeHoursInBerlin(t *testing.T) {
	t.Parallel()
	c := open(t, "Europe/Berlin", "2025-04-05")
	c.people("olga@x.de,sales,2025-01-01", "pia@x.de,sales,2025-01-01", "rosa@x.de,sales,2025-01-01", "sven@x.de,sales,2025-01-01")
	c.did("2025-03-29T23:30:00+01:00 sven@x.de wiki view", "2025-03-30T00:30:00+01:00 olga@x.de wiki view", "2025-03-30T02:30:00+01:00 olga@x.de wiki view",
		"2025-03-30T23:30:00+02:00 olga@x.de wiki view", "2025-03-31T00:30:00+02:00 pia@x.de wiki view", "2025-03-30 rosa@x.de wiki post")
	c.settle()
	// Actions up to each day: 1; + 3 of Olga + 1 of Rosa; + 1. Person-days as people, for each has one day.
	// The 31st is a Monday: Pia is new in the week of 31 March, the others were in the week of the 24th; and dormant in the next.
	c.rows("adoption?tool=wiki&unit=sales&from=2025-03-29&to=2025-03-31", `
		date       active_1 active_7 active_28 actions stickiness new returning dormant creators
		2025-03-29 1        1        1         1       1/28       3   0         0       0
		2025-03-30 2        3        3         5       3/84       3   0         0       1
		2025-03-31 1        4        4         6       4/112      1   0         3       1`)
	require.Equal(t, "2025-03-29T23:59:59+01:00", c.until("2025-03-29"))
	require.Equal(t, "2025-03-30T23:59:59+02:00", c.until("2025-03-30"))
}

// The night to Sunday 26 October 2025 has the hour from 02:00 twice: the day lasts 25 hours, from 22:00Z on the 25th to
// 23:00Z on the 26th.
//
//	26 October 00:30+02:00 = 22:30Z on the 25th   Olga
//	26 October 02:30+02:00 = 00:30Z               Olga
//	26 October 02:30+01:00 = 01:30Z               Olga, an hour later on the same clock
//	26 October 23:30+01:00 = 22:30Z               Olga
//	27 October 00:30+01:00 = 23:30Z on the 26th   Pia
func TestTwentyFiveHoursInBerlin(t *testing.T) {
	t.Parallel()
	c := open(t, "Europe/Berlin", "2025-11-01")
	c.people("olga@x.de,sales,2025-01-01", "pia@x.de,sales,2025-01-01")
	c.did("2025-10-26T00:30:00+02:00 olga@x.de wiki view", "2025-10-26T02:30:00+02:00 olga@x.de wiki view", "2025-10-26T02:30:00+01:00 olga@x.de wiki view",
		"2025-10-26T23:30:00+01:00 olga@x.de wiki view", "2025-10-27T00:30:00+01:00 pia@x.de wiki view")
	c.settle()
	// Four actions on one day of 25 hours are one active day. The 27th is a Monday.
	c.rows("adoption?tool=wiki&unit=sales&from=2025-10-25&to=2025-10-27", `
		date       active_1 active_7 active_28 actions stickiness new dormant
		2025-10-25 0        0        0         0       -          1   0
		2025-10-26 1        1        1         4       1/28       1   0
		2025-10-27 1        2        2         5       2/56       1   1`)
	require.Equal(t, "2025-10-25T23:59:59+02:00", c.until("2025-10-25"))
	require.Equal(t, "2025-10-26T23:59:59+01:00", c.until("2025-10-26"))
	c.reconcile("2025-10-20", "2025-11-01")
}

// In New York the days go on into the next UTC day. Sunday 2 November 2025 lasts 25 hours, from 04:00Z to 05:00Z on the 3rd,
// with 01:30 twice.
func TestDaysInNewYork(t *testing.T) {
	t.Parallel()
	c := open(t, "America/New_York", "2025-11-05")
	c.people("olga@x.de,sales,2025-01-01", "pia@x.de,sales,2025-01-01")
	c.did("2025-11-01T23:59:59-04:00 pia@x.de wiki view", // 2 November 03:59:59Z
		"2025-11-02T01:30:00-04:00 olga@x.de wiki view", // 05:30Z
		"2025-11-02T01:30:00-05:00 olga@x.de wiki view", // 06:30Z
		"2025-11-02T23:30:00-05:00 olga@x.de wiki view", // 3 November 04:30Z
		"2025-11-03T00:30:00-05:00 pia@x.de wiki view",  // 3 November 05:30Z
		"2025-11-04 pia@x.de wiki view")                 // a date is that date, here too
	c.settle()
	// 1 November Pia, 2 November Olga three times, Monday 3 and 4 November Pia: 1 + 3 + 1 + 1 actions on 1 + 1 + 1 + 1 days.
	// In the week of 27 October both are new; in that of 3 November Pia is returning and Olga dormant.
	c.rows("adoption?tool=wiki&unit=sales&from=2025-11-01&to=2025-11-04", `
		date       active_1 active_28 actions stickiness new returning dormant
		2025-11-01 1        1         1       1/28       2   0         0
		2025-11-02 1        2         4       2/56       2   0         0
		2025-11-03 1        2         5       3/56       0   1         1
		2025-11-04 1        2         6       4/56       0   1         1`)
	require.Equal(t, "2025-11-01T23:59:59-04:00", c.until("2025-11-01"))
	require.Equal(t, "2025-11-02T23:59:59-05:00", c.until("2025-11-02"))
}

// Lord Howe is half an hour off the others, and puts its clocks back by half an hour: on Sunday 6 April 2025, from +11:00 to +10:30 at 02:00. The day lasts
// 24.5 hours, from 13:00Z on the 5th to 13:30Z on the 6th, and has 01:45 twice.
func TestADayOfHalfAnHourMoreOnLordHowe(t *testing.T) {
	t.Parallel()
	c := open(t, "Australia/Lord_Howe", "2025-04-10")
	c.people("olga@x.de,sales,2025-01-01", "pia@x.de,sales,2025-01-01")
	c.did("2025-04-05T12:59:59Z pia@x.de wiki view", // 23:59:59+11:00 on the 5th
		"2025-04-06T00:10:00+11:00 olga@x.de wiki view", // 13:10Z on the 5th
		"2025-04-06T01:45:00+11:00 olga@x.de wiki view", // 14:45Z
		"2025-04-06T01:45:00+10:30 olga@x.de wiki view", // 15:15Z
		"2025-04-06T23:50:00+10:30 olga@x.de wiki view", // 13:20Z on the 6th
		"2025-04-07T00:10:00+10:30 pia@x.de wiki view")  // 13:40Z on the 6th
	c.settle()
	c.rows("adoption?tool=wiki&unit=sales&from=2025-04-05&to=2025-04-07", `
		date       active_1 active_28 actions stickiness
		2025-04-05 1        1         1       1/28
		2025-04-06 1        2         5       2/56
		2025-04-07 1        2         6       3/56`)
	require.Equal(t, "2025-04-06T23:59:59+10:30", c.until("2025-04-06"))
}

// The reporting zone changes from UTC to Auckland, 13 hours ahead in January. Sunday 12 January 12:00Z is Monday there, the
// 13th, 01:00; 10:59:59Z is still Sunday, 23:59:59. A record without a time keeps its date.
func TestTheReportingZoneChanges(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2025-01-20")
	c.people("olga@x.de,sales,2024-01-01", "pia@x.de,sales,2024-01-01", "rosa@x.de,sales,2024-01-01")
	c.did("2025-01-12T12:00:00Z olga@x.de wiki view", "2025-01-12T10:59:59Z pia@x.de wiki view", "2025-01-12 rosa@x.de wiki view")
	c.settle()
	// The week of 6 January has all three; in that of the 13th they are dormant.
	const week = "adoption?tool=wiki&unit=sales&from=2025-01-12&to=2025-01-13"
	c.rows(week, `
		date       active_1 active_7 actions new dormant
		2025-01-12 3        3        3       3   0
		2025-01-13 0        3        3       0   3`)
	c.inZone("Pacific/Auckland", "2025-01-20")
	c.settle()
	// Olga's view is of Monday now: she is new in the week of the 13th.
	c.rows(week, `
		date       active_1 active_7 actions new dormant
		2025-01-12 2        2        2       2   0
		2025-01-13 1        3        3       1   2`)
	require.Equal(t, "2025-01-12T23:59:59+13:00", c.until("2025-01-12"))
}
