package cases_test

import "testing"

// In 2025 the Mondays are 3, 10, 17, 24, 31 March, 7, 14 April, 12, 19, 26 May.

// Ada moves from sales to legal on Monday 17 March; Ben stays in sales.
//
//	        Ada            Ben
//	 5 Mar  post           –           week of 3 March
//	12 Mar  view           3 views     week of 10 March
//	20 Mar  reply          –           week of 17 March, Ada in legal
//
// Her use counts where she is on D, all of it: what she did in sales goes with her.
func TestMoveBetweenUnitsInsideTheWindow(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2025-04-01")
	c.people("ada@x.de,sales,2025-01-01", "ada@x.de,legal,2025-03-17", "ben@x.de,sales,2025-01-01")
	c.did("2025-03-05T09:00:00Z ada@x.de wiki post", "2025-03-12T09:00:00Z ada@x.de wiki view", "2025-03-20T09:00:00Z ada@x.de wiki reply",
		"2025-03-12T10:00:00Z ben@x.de wiki view 3")
	c.settle()
	// Sunday 16 March, W(28) from 17 February: Ada 2 days, 2 actions; Ben 1 day, 3 actions. Person-days 3.
	// The week of 10 March: Ada is returning (5 and 12 March), Ben new.
	c.on("2025-03-16", "adoption?tool=wiki&children=1", `
		unit       headcount enabled active_1 active_7 active_28 active_not_enabled adoption_rate stickiness new returning resurrected dormant creators responders consumers inactive actions
		company    2         2       0        2        2         0                  1             3/56       1   1         0           0       1        0          1         0        5
		legal      0         0       0        0        0         0                  -             -          0   0         0           0       0        0          0         0        0
		sales      2         2       0        2        2         0                  1             3/56       1   1         0           0       1        0          1         0        5
		unassigned 0         0       0        0        0         0                  -             -          0   0         0           0       0        0          0         0        0`)
	// Monday 17 March, her first day in legal: 2 days and 2 actions go with her. active_7 from 11 March: both, by the 12th.
	c.on("2025-03-17", "adoption?tool=wiki&children=1", `
		unit       headcount active_1 active_7 active_28 creators consumers actions stickiness
		company    2         0        2        2         1        1         5       3/56
		legal      1         0        1        1         1        0         2       2/28
		sales      1         0        1        1         0        1         3       1/28
		unassigned 0         0        0        0         0        0         0       -`)
	// Sunday 23 March: Ada 3 days, 3 actions, a creator still by the post of 5 March. The week of 17 March: she is
	// returning (12 and 20 March), in legal where Sunday has her; Ben is dormant.
	c.on("2025-03-23", "adoption?tool=wiki&children=1", `
		unit       active_7 active_28 new returning resurrected dormant creators responders consumers actions stickiness
		company    1        2         0   1         0           1       1        0          1         6       4/56
		legal      1        1         0   1         0           0       1        0          0         3       3/28
		sales      0        1         0   0         0           1       0        0          1         3       1/28
		unassigned 0        0         0   0         0           0       0        0          0         0       -`)
	// 2 April would be the first day without the post: from 2 April − 27 = 6 March on she only replied and viewed.
	// On 1 April (from 5 March) she is a creator for the last time.
	c.on("2025-04-01", "pyramid?tool=wiki&unit=legal", `
		unit  enabled creators responders consumers inactive creators_share
		legal 1       1        0          0         0        1`)
	c.at("2025-04-02")
	c.settle()
	c.on("2025-04-02", "pyramid?tool=wiki&unit=legal", `
		unit  enabled creators responders consumers inactive responders_share
		legal 1       0        1          0         0        1`)
	c.reconcile("2025-03-05", "2025-04-02")
}

// Cara leaves on Friday 14 March and is active on 10 and 13 March, and once more on the 18th, when somebody uses her
// account. Ben is active on 11 March.
func TestLeave(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2025-04-20")
	c.people("cara@x.de,sales,2025-01-01,,2025-03-14", "ben@x.de,sales,2025-01-01")
	c.did("2025-03-10T09:00:00Z cara@x.de wiki view", "2025-03-13T09:00:00Z cara@x.de wiki view", "2025-03-18T09:00:00Z cara@x.de wiki post",
		"2025-03-11T09:00:00Z ben@x.de wiki view")
	c.settle()
	// Her last day still counts her. The week's people are those of Sunday 16 March: Ben alone, who is new.
	c.on("2025-03-14", "adoption?tool=wiki&children=1", `
		unit       headcount active_7 active_28 active_not_enabled new dormant actions
		company    2         2        2         0                  1   0       3
		sales      2         2        2         0                  1   0       3
		unassigned 0         0        0         0                  0   0       0`)
	// From the next day on she is among the unassigned, in no figure of the enabled.
	c.on("2025-03-15", "adoption?tool=wiki&children=1", `
		unit       headcount active_7 active_28 active_not_enabled new dormant actions adoption_rate
		company    1         1        1         1                  1   0       1       1
		sales      1         1        1         0                  1   0       1       1
		unassigned 0         0        0         1                  0   0       0       -`)
	// 18 March is in the windows up to 18 March + 27 = 14 April, Ben's 11 March up to 7 April.
	c.on("2025-04-14", "adoption?tool=wiki&children=1", `
		unit       headcount active_28 active_not_enabled actions adoption_rate inactive
		company    1         0         1                  0       0             1
		sales      1         0         0                  0       0             1
		unassigned 0         0         1                  0       -             0`)
	c.on("2025-04-15", "adoption?tool=wiki&children=1", `
		unit       headcount active_28 active_not_enabled
		company    1         0         0
		sales      1         0         0
		unassigned 0         0         0`)
}

// Dora and Emil are in sales up to Sunday 9 March and in legal from Monday 24 March on. In between they are in no unit.
//
//	        Dora   Emil
//	 4 Mar  view   –      week of 3 March, in sales
//	12 Mar  view   –      week of 10 March, unassigned
//	19 Mar  –      view   week of 17 March, unassigned
//	26 Mar  view   –      week of 24 March, in legal
//	27 Mar  –      view
func TestComeBackAfterAGap(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2025-04-02")
	for _, who := range []string{"dora@x.de", "emil@x.de"} {
		c.people(who+",sales,2025-01-01,2025-03-09", who+",legal,2025-03-24")
	}
	c.did("2025-03-04T09:00:00Z dora@x.de wiki view", "2025-03-12T09:00:00Z dora@x.de wiki view", "2025-03-26T09:00:00Z dora@x.de wiki view",
		"2025-03-19T09:00:00Z emil@x.de wiki view", "2025-03-27T09:00:00Z emil@x.de wiki view")
	c.settle()
	const table = "adoption?tool=wiki&children=1"
	c.on("2025-03-09", table, `
		unit       headcount active_7 active_28 active_not_enabled new returning resurrected dormant
		company    2         1        1         0                  1   0         0           0
		legal      0         0        0         0                  0   0         0           0
		sales      2         1        1         0                  1   0         0           0
		unassigned 0         0        0         0                  0   0         0           0`)
	// Sunday 16 and 23 March: nobody has a unit. Dora is active by 4 and 12 March, Emil from the 19th on.
	c.on("2025-03-16", table, `
		unit       headcount active_28 active_not_enabled new returning resurrected dormant adoption_rate
		company    0         0         1                  0   0         0           0       -
		legal      0         0         0                  0   0         0           0       -
		sales      0         0         0                  0   0         0           0       -
		unassigned 0         0         1                  0   0         0           0       -`)
	c.on("2025-03-23", table, `
		unit       headcount active_28 active_not_enabled new returning resurrected dormant
		company    0         0         2                  0   0         0           0
		legal      0         0         0                  0   0         0           0
		sales      0         0         0                  0   0         0           0
		unassigned 0         0         2                  0   0         0           0`)
	// Sunday 30 March, W(28) from 3 March: Dora 4, 12, 26 March, Emil 19, 27 March: 5 person-days of 2 people. What they did
	// while unassigned counts. In the week of 24 March Dora is resurrected (not active from 17 to 23 March), Emil is returning
	// (19 March), and nobody is new: Emil's first day ever was the 19th, in a week in which he had no unit.
	c.on("2025-03-30", table, `
		unit       headcount active_7 active_28 active_not_enabled new returning resurrected dormant actions stickiness
		company    2         2        2         0                  0   1         1           0       5       5/56
		legal      2         2        2         0                  0   1         1           0       5       5/56
		sales      0         0        0         0                  0   0         0           0       0       -
		unassigned 0         0        0         0                  0   0         0           0       0       -`)
}

// Finn joins support on Tuesday 20 May and gets his licence on the 22nd; he had tried the wiki on 13 May, before his
// first day. Gina has been there for long, with a licence since 1 May, active on 2 May.
func TestJoinOnTheTwentieth(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2025-06-05")
	c.people("finn@x.de,support,2025-05-20", "gina@x.de,support,2024-01-01")
	c.licences("finn@x.de,wiki,2025-05-22", "gina@x.de,wiki,2025-05-01")
	c.did("2025-05-13T09:00:00Z finn@x.de wiki view", "2025-05-02T09:00:00Z gina@x.de wiki post")
	c.settle()
	const table = "adoption?tool=wiki&children=1"
	c.on("2025-05-19", table, `
		unit       headcount enabled active_28 active_not_enabled adoption_rate denominator
		company    1         1       1         1                  1             enabled
		support    1         1       1         0                  1             enabled
		unassigned 0         0       0         1                  -             enabled`)
	// The 20th: a person of support without access, active by the 13th.
	c.on("2025-05-20", table, `
		unit       headcount enabled active_28 active_not_enabled adoption_rate
		company    2         1       1         1                  1
		support    2         1       1         1                  1
		unassigned 0         0       0         0                  -`)
	c.on("2025-05-22", table, `
		unit       headcount enabled active_28 active_not_enabled adoption_rate
		company    2         2       2         0                  1
		support    2         2       2         0                  1
		unassigned 0         0       0         0                  -`)
	// 2 May is in the windows up to 29 May: on the 30th Finn is the only active one of two.
	c.on("2025-05-30", "adoption?tool=wiki&unit=support", `
		unit    enabled active_28 adoption_rate creators consumers inactive stickiness
		support 2       1         1/2           0        1         1        1/28`)
	// The month as a whole is its last day, the 31st, whoever was there from when.
	c.rows("adoption?tool=wiki&unit=support&from=2025-05-01&to=2025-05-31&grain=month", `
		unit    date       running headcount enabled active_28 adoption_rate
		support 2025-05-31 false   2         2       1         1/2`)
	// Weeks of 12, 19 and 26 May: on the 18th Finn was not there yet, so nobody is new; on the 25th he is dormant
	// (active from 12 to 18 May, not from 19 to 25).
	c.rows("lifecycle?tool=wiki&unit=support&from=2025-05-12&to=2025-06-01", `
		unit    date       enabled new returning resurrected dormant active
		support 2025-05-18 1       0   0         0           0       0
		support 2025-05-25 2       0   0         0           1       0
		support 2025-06-01 2       0   0         0           0       0`)
	c.reconcile("2025-05-01", "2025-06-05")
}
