package cases_test

import "testing"

// North and South, two units of sales that came with two legacy entities, become Field on Monday 7 April.
//
//	       Hana (North)  Ivan (North)  Jana (South)  Kurt (South)
//	1 Apr  post          –             –             –             week of 31 March
//	2 Apr  –             –             view          –
//	8 Apr  view          –             –             –             week of 7 April, all in Field
//	9 Apr  –             –             –             reply
//
// A source that has told of a sign-in in January makes the days before known as days without use.
func TestTwoUnitsAndTwoLegacyEntitiesMerge(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2025-04-04")
	c.units("sales,,Sales", "north,sales,North,Acme", "south,sales,South,Bolt")
	c.people("hana@x.de,north,2025-01-01", "ivan@x.de,north,2025-01-01", "jana@x.de,south,2025-01-01", "kurt@x.de,south,2025-01-01")
	c.did("2025-01-10T09:00:00Z hana@x.de wiki login", "2025-04-01T09:00:00Z hana@x.de wiki post", "2025-04-02T09:00:00Z jana@x.de wiki view")
	c.settle()

	c.at("2025-04-14")
	c.units("field,sales,Field,One", "north,sales,North,One", "south,sales,South,One")
	for _, who := range []string{"hana", "ivan", "jana", "kurt"} {
		c.people(who + "@x.de,field,2025-04-07")
	}
	c.did("2025-04-08T09:00:00Z hana@x.de wiki view", "2025-04-09T09:00:00Z kurt@x.de wiki reply")
	c.settle()

	// Before the merger nothing has changed: 2 people each, one of them active and new. Field is there, and empty.
	c.on("2025-04-06", "adoption?tool=wiki&unit=sales&children=1", `
		unit  headcount active_7 active_28 new dormant creators responders consumers inactive actions adoption_rate
		sales 4         2        2         2   0       1        0          1         2        2       1/2
		field 0         0        0         0   0       0        0          0         0        0       -
		north 2         1        1         1   0       1        0          0         1        1       1/2
		south 2         1        1         1   0       0        0          1         1        1       1/2`)
	// The week of 7 April in Field: Hana returning, Kurt new, Jana dormant, Ivan nothing. Active in 28 days: Hana, Jana,
	// Kurt, with 2 + 1 + 1 actions on 2 + 1 + 1 days.
	c.on("2025-04-13", "adoption?tool=wiki&unit=sales&children=1", `
		unit  headcount active_7 active_28 new returning resurrected dormant creators responders consumers inactive actions adoption_rate stickiness
		sales 4         2        3         1   1         0           1       1        1          1         1        4       3/4           4/84
		field 4         2        3         1   1         0           1       1        1          1         1        4       3/4           4/84
		north 0         0        0         0   0         0           0       0        0          0         0        0       -             -
		south 0         0        0         0   0         0           0       0        0          0         0        0       -             -`)
	c.rows("units", `
		id         kind       legacy_entity headcount children
		company    company    .             4         2
		sales      unit       .             4         3
		field      unit       One           4         0
		north      unit       One           0         0
		south      unit       One           0         0
		unassigned unassigned .             0         0`)
	// The week of the merger against the one before, of sales as a whole: 2 active people in both (Hana and Kurt, Hana and
	// Jana), 1 new instead of 2, 1 returning instead of none.
	c.figures("unit=sales&tool=wiki&from=2025-04-07&to=2025-04-13&against=previous", `
		key         this other difference missing
		active_7    2    2     0          .
		new         1    2     -1         .
		returning   1    0     1          .
		resurrected 0    0     0          .
		dormant     1    0     1          .
		active_28   3    2     -          overlap`)
	// Field had nobody the week before: that side has no rate.
	c.figures("unit=field&tool=wiki&from=2025-04-07&to=2025-04-13&against=unit:north", `
		key           this other difference missing
		active_28     3    0     3          .
		adoption_rate 3/4  -     -          nobody`)
	c.reconcile("2025-03-31", "2025-04-14")
}

// Ops is split on Monday 7 April: Lena goes to Ops A, Mika to Ops B, Nils stays placed directly in Ops.
// Lena views on 2 and 10 April, Mika posts on the 3rd, Nils views on the 4th.
func TestAUnitSplits(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2025-04-06")
	c.units("ops,,Ops")
	c.people("lena@x.de,ops,2025-01-01", "mika@x.de,ops,2025-01-01", "nils@x.de,ops,2025-01-01")
	c.did("2025-04-02T09:00:00Z lena@x.de wiki view", "2025-04-03T09:00:00Z mika@x.de wiki post", "2025-04-04T09:00:00Z nils@x.de wiki view")
	c.settle()
	c.on("2025-04-06", "adoption?tool=wiki&children=1", `
		unit       headcount active_28 running
		company    3         3         true
		ops        3         3         true
		unassigned 0         0         true`)

	c.at("2025-04-14")
	c.units("ops-a,ops,Ops A", "ops-b,ops,Ops B")
	c.people("lena@x.de,ops-a,2025-04-07", "mika@x.de,ops-b,2025-04-07")
	c.did("2025-04-10T09:00:00Z lena@x.de wiki view")
	c.settle()
	// The tree is today's on every date: before the split all three are placed directly in Ops. Week of 31 March: all new.
	c.on("2025-04-06", "adoption?tool=wiki&unit=ops&children=1", `
		unit       headcount active_7 active_28 new creators consumers actions
		ops        3         3        3         3   1        2         3
		ops-a      0         0        0         0   0        0         0
		ops-b      0         0        0         0   0        0         0
		ops.direct 3         3        3         3   1        2         3`)
	// After it one each. Week of 7 April: Lena returning, Mika and Nils dormant.
	c.on("2025-04-13", "adoption?tool=wiki&unit=ops&children=1", `
		unit       headcount active_7 active_28 new returning dormant creators consumers actions
		ops        3         1        3         0   1         2       1        2         4
		ops-a      1         1        1         0   1         0       0        1         2
		ops-b      1         0        1         0   0         1       1        0         1
		ops.direct 1         0        1         0   0         1       0        1         1`)
	c.on("2025-04-13", "pyramid?tool=wiki&unit=ops&children=1", `
		unit       enabled creators responders consumers inactive creators_share
		ops        3       1        0          2         0        1/3
		ops-a      1       0        0          1         0        0
		ops-b      1       1        0          0         0        1
		ops.direct 1       0        0          1         0        0`)
	c.rows("lifecycle?tool=wiki&unit=ops&from=2025-03-31&to=2025-04-13&children=1", `
		unit       date       new returning resurrected dormant active
		ops        2025-04-06 3   0         0           0       3
		ops-a      2025-04-06 0   0         0           0       0
		ops-b      2025-04-06 0   0         0           0       0
		ops.direct 2025-04-06 3   0         0           0       3
		ops        2025-04-13 0   1         0           2       1
		ops-a      2025-04-13 0   1         0           0       1
		ops-b      2025-04-13 0   0         0           1       0
		ops.direct 2025-04-13 0   0         0           1       0`)
	c.reconcile("2025-03-31", "2025-04-14")
}

// Lab (Pia and Quin, Pia active on 2 April) belongs to North; South has Rosa, active on 3 April. Then Lab is put under
// South: the tree is today's on every date, so North loses it in the past as well, and the company is the same. And so
// is Lab itself when it gets another name under its id.
func TestAUnitMovesUnderAnotherParentAndIsRenamed(t *testing.T) {
	t.Parallel()
	c := open(t, "UTC", "2025-04-14")
	c.units("north,,North", "south,,South", "lab,north,Lab", "shop,south,Shop")
	c.people("pia@x.de,lab,2025-01-01", "quin@x.de,lab,2025-01-01", "rosa@x.de,shop,2025-01-01")
	c.did("2025-04-02T09:00:00Z pia@x.de wiki view", "2025-04-03T09:00:00Z rosa@x.de wiki post")
	c.settle()
	c.on("2025-04-06", "adoption?tool=wiki&children=1", `
		unit       headcount active_28 new creators consumers inactive
		company    3         2         2   1        1         1
		north      2         1         1   0        1         1
		south      1         1         1   1        0         0
		unassigned 0         0         0   0        0         0`)
	c.units("lab,south,Lab")
	c.on("2025-04-06", "adoption?tool=wiki&children=1", `
		unit       headcount active_28 new creators consumers inactive
		company    3         2         2   1        1         1
		north      0         0         0   0        0         0
		south      3         2         2   1        1         1
		unassigned 0         0         0   0        0         0`)
	for _, name := range []string{"Lab", "Research"} {
		c.units("lab,south," + name)
		c.settle()
		c.on("2025-04-06", "adoption?tool=wiki&unit=south&children=1", `
			unit  unit_name headcount active_28 new dormant
			south South     3         2         2   0
			lab   `+name+` 2         1         1   0
			shop  Shop      1         1         1   0`)
		c.on("2025-04-13", "adoption?tool=wiki&unit=lab", `
			unit unit_name headcount active_28 new dormant
			lab  `+name+` 2         1         0   1`)
	}
}
