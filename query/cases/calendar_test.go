package cases_test

import "testing"

// Tina views on 29 February 2024, a Thursday; Udo on the 28th. A window of 28 days with the leap day in it begins a day
// later in February: the 28th is in the windows up to 26 March (27 March in other years), the 29th in those up to the 27th.
func TestTheLeapDayInTheWindow(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2024-04-02")
	c.people("tina@x.de,sales,2023-01-01", "udo@x.de,sales,2023-01-01")
	c.did("2024-02-28T09:00:00Z udo@x.de wiki view", "2024-02-29T23:59:59Z tina@x.de wiki view")
	c.settle()
	c.rows("adoption?tool=wiki&unit=sales&from=2024-02-27&to=2024-03-01", `
		date       active_1 active_28 actions
		2024-02-27 0        0         0
		2024-02-28 1        1         1
		2024-02-29 1        2         2
		2024-03-01 0        2         2`)
	c.rows("adoption?tool=wiki&unit=sales&from=2024-03-26&to=2024-03-28", `
		date       active_28 inactive
		2024-03-26 2         0
		2024-03-27 1         1
		2024-03-28 0         2`)
	// The month ends on the 29th; the week of the leap day is Monday 26 February to Sunday 3 March.
	c.rows("adoption?tool=wiki&unit=sales&from=2024-02-01&to=2024-03-31&grain=month", `
		date       active_28 new
		2024-02-29 2         2
		2024-03-31 0         0`)
	c.rows("lifecycle?tool=wiki&unit=sales&from=2024-02-26&to=2024-03-10", `
		date       new dormant
		2024-03-03 2   0
		2024-03-10 0   2`)
}

// The same period a year before 29 February 2028 ends on 28 February 2027, and so does that of 28 February 2028. Both
// windows of 28 days: 2–29 February 2028 and 1–28 February 2027.
//
//	       Wanda                     Xaver
//	2027   1 February, 28 February   31 January
//	2028   1 February, 29 February   2 February
func TestTheYearBeforeALeapDay(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2028-03-02")
	c.people("wanda@x.de,sales,2026-01-01", "xaver@x.de,sales,2026-01-01")
	c.did("2027-01-31T09:00:00Z xaver@x.de wiki view", "2027-02-01T09:00:00Z wanda@x.de wiki view", "2027-02-28T09:00:00Z wanda@x.de wiki view",
		"2028-02-01T09:00:00Z wanda@x.de wiki post", "2028-02-02T09:00:00Z xaver@x.de wiki view", "2028-02-29T09:00:00Z wanda@x.de wiki view")
	c.settle()
	// 29 February 2028: Wanda by the 29th, Xaver by the 2nd, the first day of the window; the post of the 1st is just out of
	// it, so nobody created. 28 February 2027: Wanda alone, twice; Xaver's 31 January is a day too early.
	// active_1 is not compared: a Tuesday and a Sunday. New and the like neither: Tuesday ends no week.
	c.figures("unit=sales&tool=wiki&from=2028-02-02&to=2028-02-29&against=year", `
		key           this other difference missing
		active_1      1    1     -          weekday
		active_7      1    1     0          .
		active_28     2    1     1          .
		adoption_rate 1    1/2   1/2        .
		stickiness    2/56 2/28  -2/56      .
		new           0    0     -          weekday
		creators      0    0     0          .
		consumers     2    1     1          .
		inactive      0    1     -1         .
		actions       2    2     0          .`)
	// 28 February 2028, W from 1 February: Wanda by her post, Xaver by the 2nd. The other side is the same as before.
	c.figures("unit=sales&tool=wiki&from=2028-02-01&to=2028-02-28&against=year", `
		key       this other difference missing
		active_28 2    1     1          .
		creators  1    0     1          .
		consumers 1    1     0          .
		actions   2    2     0          .`)
	c.rows("adoption?tool=wiki&unit=sales&from=2028-02-01&to=2028-02-29&grain=month", `
		date       active_28 running
		2028-02-29 2         false`)
}

// 2020 has 53 ISO weeks: week 52 is 21–27 December, week 53 is 28 December to Sunday 3 January 2021, week 1 of 2021 is
// 4–10 January.
//
//	           Quin      Rosa      Sven
//	week 52    23 Dec    –         22 Dec
//	week 53    2 Jan     31 Dec    –
//	week 1     5 Jan     4 Jan     4 Jan
func TestWeek53AndTheTurnOfTheYear(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2021-01-12")
	c.people("quin@x.de,sales,2020-01-01", "rosa@x.de,sales,2020-01-01", "sven@x.de,sales,2020-01-01")
	c.did("2020-12-23T09:00:00Z quin@x.de wiki view", "2021-01-02T09:00:00Z quin@x.de wiki view", "2021-01-05T09:00:00Z quin@x.de wiki view",
		"2020-12-31T23:59:59Z rosa@x.de wiki view", "2021-01-04T09:00:00Z rosa@x.de wiki view",
		"2020-12-22T09:00:00Z sven@x.de wiki view", "2021-01-04T09:00:00Z sven@x.de wiki view")
	c.settle()
	c.rows("lifecycle?tool=wiki&unit=sales&from=2020-12-21&to=2021-01-10", `
		date       running new returning resurrected dormant active
		2020-12-27 false   2   0         0           0       2
		2021-01-03 false   1   1         0           1       2
		2021-01-10 false   0   2         1           0       3`)
	// Cut at New Year's Eve the week is the same whole week, dated by the cut.
	c.rows("lifecycle?tool=wiki&unit=sales&from=2020-12-31&to=2020-12-31", `
		date       running new returning resurrected dormant active
		2020-12-31 true    1   1         0           1       2`)
	// The year's last day: Quin, Sven and Rosa in W(28), Rosa alone on the day; active_7 from 25 December: Rosa alone.
	// New Year's Day: nobody on the day.
	c.rows("adoption?tool=wiki&unit=sales&from=2020-12-31&to=2021-01-01", `
		date       active_1 active_7 active_28 new returning dormant
		2020-12-31 1        1        3         1   1         1
		2021-01-01 0        1        3         1   1         1`)
	c.rows("adoption?tool=wiki&unit=sales&from=2020-12-01&to=2021-01-12&grain=month", `
		date       running active_28
		2020-12-31 false   3
		2021-01-12 true    3`)
	c.reconcile("2020-12-21", "2021-01-12")
}

// Tom's first event to arrive is of Wednesday 14 May; seven weeks' late ones follow: 2 April, then 7 May.
func TestEventsThatAreWeeksLate(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2025-05-20")
	c.people("tom@x.de,sales,2025-01-01")
	c.did("2025-05-14T09:00:00Z tom@x.de wiki view")
	c.settle()
	const weeks = "lifecycle?tool=wiki&unit=sales&from=2025-05-05&to=2025-05-18"
	c.rows(weeks, `
		date       new returning resurrected dormant
		2025-05-11 0   0         0           0
		2025-05-18 1   0         0           0`)
	c.did("2025-04-02T09:00:00Z tom@x.de wiki post")
	c.settle()
	// New in the week of 31 March (Monday) now, dormant in that of 7 April, resurrected in that of 12 May. The figures reach
	// back to 1 April, the month of the first event; its window ends with 29 April.
	c.rows("lifecycle?tool=wiki&unit=sales&from=2025-03-31&to=2025-05-18", `
		date       new returning resurrected dormant
		2025-04-06 1   0         0           0
		2025-04-13 0   0         0           1
		2025-04-20 0   0         0           0
		2025-04-27 0   0         0           0
		2025-05-04 0   0         0           0
		2025-05-11 0   0         0           0
		2025-05-18 0   0         1           0`)
	c.rows("adoption?tool=wiki&unit=sales&from=2025-04-28&to=2025-05-01", `
		date       active_28 creators
		2025-04-28 1         1
		2025-04-29 1         1
		2025-04-30 0         0
		2025-05-01 0         0`)
	c.did("2025-05-07T09:00:00Z tom@x.de wiki reply")
	c.settle()
	// The week of 5 May is the resurrection now, that of 12 May returning. On 18 May: 7 and 14 May, a responder.
	c.rows(weeks, `
		date       new returning resurrected dormant
		2025-05-11 0   0         1           0
		2025-05-18 0   1         0           0`)
	c.on("2025-05-18", "adoption?tool=wiki&unit=sales", `
		date       active_7 active_28 creators responders consumers actions stickiness
		2025-05-18 1        1         0        1          0         2       2/28`)
}
