package query

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// twoUnits is a company of A (200 people), B (100), C (3) and D (4), with one tool open to everyone that a feed has
// brought since 2025-09-01. C and D are too few, together 7: company.rest. Figures exist on three Sundays and a Saturday:
//
//	              active_28 of A   of B   of C   of D
//	2026-11-01         120          45      1      2
//	2026-10-25         110          45      1      2
//	2026-10-04         100          40      1      2
//	2025-11-01          60          30      0      1     a Saturday
//
// also may write more of the same days.
func twoUnits(t testing.TB, also ...func(*store)) *store {
	s := newStore(t) // today is Monday 2026-11-02
	s.events("feed", "wiki", day("2025-09-01"), day("2026-11-01"))
	s.fill("2026-11-01", rawUse{active1: 30, active7: 80, active28: 120, activeDays: 840, creators: 40, responders: 30, consumers: 50, score: 6000, actions: 2400},
		rawUse{active1: 10, active7: 30, active28: 45, activeDays: 315, creators: 15, responders: 10, consumers: 20, score: 2500, actions: 700}, 1)
	s.fill("2026-10-25", rawUse{active1: 40, active7: 60, active28: 110, creators: 110}, rawUse{active7: 30, active28: 45, creators: 45}, 1)
	s.fill("2026-10-04", rawUse{active1: 30, active7: 70, active28: 100, activeDays: 560, creators: 30, responders: 30, consumers: 40, score: 5000, actions: 2000},
		rawUse{active28: 40, creators: 40}, 1)
	s.fill("2025-11-01", rawUse{active1: 10, active7: 30, active28: 60, activeDays: 336, creators: 60, score: 2400, actions: 900}, rawUse{active28: 30, creators: 30}, 0)
	s.week(day("2026-10-26"), "a", "wiki", rawWeek{new: 10, returning: 60, resurrected: 10, dormant: 8})
	s.week(day("2026-10-26"), "b", "wiki", rawWeek{new: 5, returning: 20, resurrected: 5, dormant: 9})
	s.week(day("2026-09-28"), "a", "wiki", rawWeek{new: 4, returning: 60, resurrected: 6, dormant: 2})
	for _, more := range also {
		more(s)
	}
	s.publish()
	return s
}

// fill writes a day of twoUnits: A, B, and how many of C are active; of D it is one more.
func (s *store) fill(date string, a, b rawUse, c uint64) {
	d := day(date)
	for _, at := range distinct([]adoption.Day{d, d.FirstOfMonth()}) {
		s.heads(at, "a", 200, "b", 100, "c", 3, "d", 4)
	}
	for unit, u := range map[string]rawUse{"a": a, "b": b, "c": {active28: c, creators: c}, "d": {active28: c + 1, creators: c + 1}} {
		s.use(d, unit, "wiki", u)
	}
}

func (s *store) compare(q CompareQuestion) *CompareAnswer {
	s.t.Helper()
	if q.To == 0 {
		q.To = day("2026-11-01")
	}
	if q.From == 0 {
		q.From = q.To - 27
	}
	answer, err := s.Compare(context.Background(), q)
	require.NoError(s.t, err)
	return answer
}

func (a *CompareAnswer) figure(key string) (found ComparedFigure) {
	for _, f := range a.Figures {
		if f.Key == key {
			found = f
		}
	}
	return found
}

// near lets rates and probabilities differ by what the hand rounds.
var near = cmpopts.EquateApprox(0, 5e-4)

// compared is a figure that is there on both sides and can be judged.
func compared(key string, m Measure, this, other, difference, p float64) ComparedFigure {
	beyond := p < 0.05
	return ComparedFigure{Key: key, Measure: m, This: &this, Other: &other, Difference: &difference, P: &p, BeyondChance: &beyond}
}

// unjudged is a figure of which nothing is known about chance.
func unjudged(key string, m Measure, this, other, difference float64) ComparedFigure {
	return ComparedFigure{Key: key, Measure: m, This: &this, Other: &other, Difference: &difference}
}

// A against B on 2026-11-01. With x of 200 and y of 100 people, z = (x/200 − y/100) ÷ √(q·(1 − q)·(1/200 + 1/100)),
// q = (x + y)/300, and p = 2·(1 − Φ(|z|)) from a table of Φ:
//
//	             x    y    q      difference of shares   z       p
//	active_1     30   10   .1333   .05                  1.2009  .2298
//	active_7     80   30   .3667   .10                  1.6943  .0902
//	active_28   120   45   .55     .15                  2.4618  .0138
//	new          10    5   .05     0                    0       1
//	returning    60   20   .2667   .10                  1.8464  .0648
//	dormant       8    9   .0567  −.05                 −1.7660  .0774
//	creators     40   15   .1833   .05                  1.0553  .2913
//	responders   30   10   .1333   .05                  1.2009  .2298
//	consumers    50   20   .2333   .05                  0.9652  .3344
//	inactive     80   55   .45    −.15                 −2.4618  .0138
//
// stickiness: 840 ÷ 28 ÷ 120 = .25 and 315 ÷ 28 ÷ 45 = .25. Score: 6000 ÷ 200 = 30 and 2500 ÷ 100 = 25, tested as .30 of
// 200 and .25 of 100: q = .28333, z = .05 ÷ √(.20306 · .015) = 0.9060, p = .3649.
func TestTwoUnitsAreCompared(t *testing.T) {
	answer := twoUnits(t).compare(CompareQuestion{Unit: "a", Tool: "wiki", Against: "unit:b"})
	assert.Equal(t, "unit:b", answer.Against)
	assert.Equal(t, 0.05, answer.Doubt)
	assert.Empty(t, cmp.Diff([]ComparedFigure{
		compared("active_1", People, 30, 10, 20, .2298),
		compared("active_7", People, 80, 30, 50, .0902),
		compared("active_28", People, 120, 45, 75, .0138),
		unjudged("active_not_enabled", People, 0, 0, 0),
		compared("adoption_rate", Share, .60, .45, .15, .0138),
		compared("stickiness", Share, .25, .25, 0, 1),
		compared("new", People, 10, 5, 5, 1),
		compared("returning", People, 60, 20, 40, .0648),
		compared("resurrected", People, 10, 5, 5, 1),
		compared("dormant", People, 8, 9, -1, .0774),
		compared("creators", People, 40, 15, 25, .2913),
		compared("responders", People, 30, 10, 20, .2298),
		compared("consumers", People, 50, 20, 30, .3344),
		compared("inactive", People, 80, 55, 25, .0138),
		compared("engagement_score", Score, 30, 25, 5, .3649),
		unjudged("actions", Counts, 2400, 700, 1700),
	}, answer.Figures, near))
}

// 28 days up to Sunday 2026-11-01 beside the 28 up to 2026-10-04. Rate: .60 and .50 of 200 each: q = .55,
// z = .10 ÷ √(.2475 · .01) = 2.0101, p = .0444. Score: .30 and .25, q = .275, z = .05 ÷ √(.199375 · .01) = 1.1198, p = .2628.
// Stickiness: 840 ÷ 28 ÷ 120 = .25 and 560 ÷ 28 ÷ 100 = .20; q = (.25·120 + .20·100) ÷ 220 = .22727,
// z = .05 ÷ √(.17562 · (1/120 + 1/100)) = 0.8812, p = .3782. New: .05 and .02, q = .035, z = .03 ÷ √(.033775 · .01) = 1.6324, p = .1026.
func TestAPeriodIsComparedWithTheOneBefore(t *testing.T) {
	s := twoUnits(t)
	answer := s.compare(CompareQuestion{Unit: "a", Tool: "wiki"})
	assert.Equal(t, "previous", answer.Against)
	assert.Equal(t, "2026-10-05 2026-11-01", answer.This.From.String()+" "+answer.This.To.String())
	assert.Equal(t, "2026-09-07 2026-10-04", answer.Other.From.String()+" "+answer.Other.To.String())
	for _, want := range []ComparedFigure{
		compared("active_1", People, 30, 30, 0, 1),
		compared("active_28", People, 120, 100, 20, .0444),
		compared("adoption_rate", Share, .60, .50, .10, .0444),
		compared("stickiness", Share, .25, .20, .05, .3782),
		compared("new", People, 10, 4, 6, .1026),
		compared("engagement_score", Score, 30, 25, 5, .2628),
		unjudged("actions", Counts, 2400, 2000, 400),
	} {
		assert.Empty(t, cmp.Diff(want, answer.figure(want.Key), near))
	}

	page, err := s.UnitPage(context.Background(), UnitQuestion{Unit: "a", Tool: "wiki"})
	require.NoError(t, err)
	for _, f := range page.Figures {
		got := answer.figure(f.Key)
		assert.Equal(t, []*float64{f.Value, f.Previous, f.Change}, []*float64{got.This, got.Other, got.Difference}, f.Key)
	}
	assert.Equal(t, "rose", page.Answer.Rule, "the page judges by the same test")
}

// 60 of 200 a year before: q = .45, z = .30 ÷ √(.2475 · .01) = 6.03, p under .0001. 2025-11-01 is a Saturday, 2026-11-01 a
// Sunday: what is counted on one day, or in an ISO week, is not compared.
func TestAPeriodIsComparedWithThatOfTheYearBefore(t *testing.T) {
	answer := twoUnits(t).compare(CompareQuestion{Unit: "a", Tool: "wiki", Against: "year"})
	assert.Equal(t, "2025-10-05 2025-11-01", answer.Other.From.String()+" "+answer.Other.To.String())
	assert.Empty(t, cmp.Diff(compared("adoption_rate", Share, .60, .30, .30, 0), answer.figure("adoption_rate"), near))
	assert.Empty(t, cmp.Diff(compared("active_7", People, 80, 30, 50, 0), answer.figure("active_7"), near))
	for _, key := range []string{"active_1", "new", "returning", "resurrected", "dormant"} {
		f := answer.figure(key)
		assert.Equal(t, MissingWeekday, f.Missing, key)
		assert.Nil(t, f.Difference, key)
		assert.Nil(t, f.BeyondChance, key)
	}
	assert.Equal(t, f64(30), answer.figure("active_1").This, "the sides stay what they are")
	assert.Equal(t, f64(10), answer.figure("active_1").Other)
}

// A of 120 in 200 beside the company: 120 + 45 + 1 + 2 = 168 of 307. q = 288 ÷ 507 = .56805,
// z = (.6 − .54723) ÷ √(.24537 · (1/200 + 1/307)) = 1.1724, p = .2410.
func TestAUnitIsComparedWithTheCompany(t *testing.T) {
	answer := twoUnits(t).compare(CompareQuestion{Unit: "a", Tool: "wiki", Against: "company"})
	assert.Equal(t, "company", answer.Other.Unit)
	assert.Equal(t, "wiki", answer.Other.Tool)
	assert.Empty(t, cmp.Diff(compared("adoption_rate", Share, .6, 168.0/307, .6-168.0/307, .2410), answer.figure("adoption_rate"), near))
	assert.Empty(t, cmp.Diff(unjudged("actions", Counts, 2400, 3100, -700), answer.figure("actions"), near))
}

func TestToolsAreCompared(t *testing.T) {
	at := day("2026-11-01")
	s := twoUnits(t, func(s *store) {
		s.licensed("chat") // 50 of A's 200 people have access; 40 of them are active, and 6 of the others
		s.events("chat feed", "chat", day("2026-10-05"), at)
		s.sizes(at, "chat", "a", 50)
		s.use(at, "a", "chat", rawUse{active28: 40, creators: 40, activeNotEnabled: 6})
		s.licensed("mail")
		s.events("mail feed", "mail", day("2026-10-06"), at)
		s.sizes(at, "mail", "a", 50)
		s.use(at, "a", "all", rawUse{active28: 130, creators: 130})
	})
	// 120 of 200 and 40 of 50: q = 160 ÷ 250 = .64, z = −.2 ÷ √(.2304 · (1/200 + 1/50)) = −2.6352, p = .0084.
	answer := s.compare(CompareQuestion{Unit: "a", Tool: "wiki", Against: "tool:chat"})
	assert.Equal(t, "headcount", answer.This.Row.Denominator)
	assert.Equal(t, "enabled", answer.Other.Row.Denominator)
	assert.Empty(t, cmp.Diff(compared("adoption_rate", Share, .6, .8, -.2, .0084), answer.figure("adoption_rate"), near))
	assert.Empty(t, cmp.Diff(unjudged("active_not_enabled", People, 0, 6, -6), answer.figure("active_not_enabled"), near))

	// The window begins on 2026-10-05. The feed of mail began a day later: mail has no data before it, and "all" is fed anew.
	assert.Equal(t, MissingNoData, s.compare(CompareQuestion{Unit: "a", Tool: "wiki", Against: "tool:mail"}).figure("adoption_rate").Missing)
	assert.Equal(t, MissingNewSource, s.compare(CompareQuestion{Unit: "a", Tool: "all", Against: "tool:wiki"}).figure("adoption_rate").Missing)
}

// 2024-02-29 and 2023-02-28, both with 29 days before them: a Thursday and a Tuesday.
func TestTheLeapDayIsComparedWithTheDayBeforeMarch(t *testing.T) {
	s := newStore(t)
	s.events("feed", "wiki", day("2023-01-01"), day("2023-01-31"))
	s.events("feed", "wiki", day("2024-02-01"), day("2024-02-29"))
	for date, active := range map[string]uint64{"2024-02-29": 8, "2023-02-28": 6} {
		s.heads(day(date), "a", 10)
		s.use(day(date), "a", "wiki", rawUse{active28: active, active1: 1, creators: active})
	}
	s.publish()
	answer := s.compare(CompareQuestion{Unit: "a", Tool: "wiki", Against: "year", From: day("2024-02-01"), To: day("2024-02-29")})
	assert.Equal(t, "2023-01-31 2023-02-28", answer.Other.From.String()+" "+answer.Other.To.String(), "29 days as well")
	assert.Equal(t, f64(0.8), answer.figure("adoption_rate").This)
	assert.Equal(t, f64(0.6), answer.figure("adoption_rate").Other)
	assert.Equal(t, MissingWeekday, answer.figure("active_1").Missing)
	for date, want := range map[string]string{"2025-02-28": "2024-02-28", "2024-03-01": "2023-03-01", "2025-03-01": "2024-03-01", "2024-12-31": "2023-12-31", "2026-01-31": "2025-01-31"} {
		assert.Equal(t, want, yearBefore(day(date)).String())
	}
}

func TestNothingIsComparedInACompanyWithoutAnything(t *testing.T) {
	s := newStore(t)
	for _, against := range []string{"previous", "year"} {
		answer := s.compare(CompareQuestion{Against: against})
		assert.Nil(t, answer.This.Row)
		assert.Nil(t, answer.Other.Row)
		require.Len(t, answer.Figures, 16)
		for _, f := range answer.Figures {
			assert.Equal(t, MissingNoData, f.Missing, f.Key)
		}
		text, err := json.Marshal(answer)
		require.NoError(t, err)
		assert.Contains(t, string(text), `"row":null`)
	}
}
