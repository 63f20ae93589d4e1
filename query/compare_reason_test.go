package query

import (
	"context"
	"math"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// reasons is why each figure of an answer is not compared, "" for those that are.
func (a *CompareAnswer) reasons() map[string]Missing {
	why := map[string]Missing{}
	for _, f := range a.Figures {
		why[f.Key] = f.Missing
	}
	return why
}

// allBut has the same reason for every figure, apart from some.
func allBut(most Missing, apart map[string]Missing) map[string]Missing {
	why := map[string]Missing{}
	for _, kind := range comparedKinds {
		why[kind.key] = most
	}
	for key, reason := range apart {
		why[key] = reason
	}
	return why
}

func TestWhatIsHiddenIsNotCompared(t *testing.T) {
	s := twoUnits(t)
	// C and D are hidden; nobody is without access to a tool that is open to everyone, so that figure is no secret.
	open := map[string]Missing{"active_not_enabled": ""}
	for _, against := range []string{"unit:a", "unit:d", "company", "unit:company.rest"} {
		answer := s.compare(CompareQuestion{Unit: "c", Tool: "wiki", Against: against})
		want := allBut(MissingHidden, open)
		if against == "unit:company.rest" {
			want["active_not_enabled"] = MissingHidden // of a rest it never is shown
		}
		assert.Equal(t, want, answer.reasons(), against)
		assert.Nil(t, answer.figure("active_28").This)
		assert.Equal(t, uint64(3), answer.This.Row.Headcount)
	}
	assert.Equal(t, allBut(MissingHidden, open), s.compare(CompareQuestion{Unit: "b", Tool: "wiki", Against: "unit:c"}).reasons(), "on the other side, too")

	// The rest: 1 + 2 of 7, beside 45 of 100: q = 48 ÷ 107 = .4486, z = (.42857 − .45) ÷ √(.24736 · (1/7 + 1/100)) = −0.1102, p = .9123.
	rest := s.compare(CompareQuestion{Unit: "company.rest", Tool: "wiki", Against: "unit:b"})
	assert.Empty(t, cmp.Diff(compared("adoption_rate", Share, 3.0/7, .45, 3.0/7-.45, .9123), rest.figure("adoption_rate"), near))
	assert.Equal(t, MissingHidden, rest.figure("active_not_enabled").Missing)

	// Nobody is unassigned: rates have nothing to divide by, counts are zero and nothing is known about chance.
	nobody := s.compare(CompareQuestion{Unit: "unassigned", Tool: "wiki", Against: "unit:b"})
	assert.Equal(t, MissingNothing, nobody.figure("adoption_rate").Missing)
	assert.Equal(t, MissingNothing, nobody.figure("engagement_score").Missing)
	assert.Empty(t, cmp.Diff(unjudged("active_28", People, 0, 45, -45), nobody.figure("active_28")))
}

// Every side is a row of adoption, and every difference that of two figures shown there.
func TestAComparisonTellsNoMoreThanTwoRowsOfAdoption(t *testing.T) {
	s := twoUnits(t)
	groups := []string{"company", "a", "b", "c", "d", "company.rest", "unassigned"}
	seen := 0
	for _, unit := range groups {
		against := []string{"previous", "year"}
		for _, other := range groups {
			if other != unit {
				against = append(against, "unit:"+other)
			}
		}
		for _, than := range against {
			answer := s.compare(CompareQuestion{Unit: unit, Tool: "wiki", Against: than})
			for _, side := range []CompareSide{answer.This, answer.Other} {
				rows := s.ask(side.Unit, side.Tool, side.To.String(), false)
				require.Len(t, rows, 1)
				require.NotNil(t, side.Row)
				assert.Empty(t, cmp.Diff(rows[0], *side.Row), "%s against %s", unit, than)
			}
			for i, f := range answer.Figures {
				assert.Equal(t, comparedKinds[i].value(*answer.This.Row), f.This)
				assert.Equal(t, comparedKinds[i].value(*answer.Other.Row), f.Other)
				assert.Equal(t, f.Missing == "", f.Difference != nil, f.Key)
				assert.Equal(t, f.P == nil, f.BeyondChance == nil, f.Key)
				if f.Difference != nil {
					seen++
					assert.InDelta(t, *f.This-*f.Other, *f.Difference, 1e-12, f.Key)
				} else {
					assert.Nil(t, f.P, f.Key)
				}
			}
		}
	}
	assert.Greater(t, seen, 200)
}

// A period of 7 days: the windows of 28 days would share 21, so what is counted over them is not compared.
func TestShortPeriodsCompareShortWindows(t *testing.T) {
	answer := twoUnits(t).compare(CompareQuestion{Unit: "a", Tool: "wiki", From: day("2026-10-26")})
	assert.Equal(t, "2026-10-19 2026-10-25", answer.Other.From.String()+" "+answer.Other.To.String())
	assert.Equal(t, allBut(MissingOverlap, map[string]Missing{"active_1": "", "active_7": "", "new": "", "returning": "", "resurrected": "", "dormant": ""}), answer.reasons())
	// active_7: 80 and 60 of 200 each: q = .35, z = .10 ÷ √(.2275 · .01) = 2.0966, p = .0360.
	assert.Empty(t, cmp.Diff(compared("active_7", People, 80, 60, 20, .0360), answer.figure("active_7"), near))
}

func TestADayWithoutFiguresIsNoData(t *testing.T) {
	s := twoUnits(t)
	answer := s.compare(CompareQuestion{Unit: "a", Tool: "wiki", To: day("2026-10-25")})
	assert.NotNil(t, answer.This.Row)
	assert.Nil(t, answer.Other.Row) // 2026-09-27
	assert.Equal(t, allBut(MissingNoData, nil), answer.reasons())
	assert.Equal(t, f64(110), answer.figure("active_28").This)
	// The rest of a day that has none: C and D are too few on 2026-11-01 alone.
	whole := newStore(t)
	whole.events("feed", "wiki", day("2026-09-01"), day("2026-11-01"))
	whole.heads(day("2026-11-01"), "a", 200, "c", 3, "d", 4)
	whole.heads(day("2026-10-04"), "a", 200)
	whole.publish()
	rest := whole.compare(CompareQuestion{Unit: "company.rest", Tool: "wiki"})
	assert.NotNil(t, rest.This.Row)
	assert.Nil(t, rest.Other.Row)
	assert.Equal(t, allBut(MissingNoData, nil), rest.reasons())
	_, err := whole.Compare(context.Background(), CompareQuestion{Unit: "company.rest", Tool: "wiki", From: day("2026-09-07"), To: day("2026-10-04"), Against: "company"})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
}

// A rest of C and D is not compared with one of C, D and E.
func TestARestOfOtherUnitsIsNotCompared(t *testing.T) {
	s := newStore(t)
	s.events("feed", "wiki", day("2026-08-01"), day("2026-11-01"))
	s.heads(day("2026-11-01"), "a", 200, "c", 3, "d", 4)
	s.heads(day("2026-10-04"), "a", 200, "c", 3, "d", 4, "e", 2)
	s.heads(day("2026-09-06"), "a", 200, "c", 4, "d", 3, "e", 4)
	s.publish()
	answer := s.compare(CompareQuestion{Unit: "company.rest", Tool: "wiki"})
	assert.Equal(t, f64(0), answer.figure("active_28").This)
	assert.Equal(t, MissingChanged, answer.figure("active_28").Missing)
	answer = s.compare(CompareQuestion{Unit: "company.rest", Tool: "wiki", To: day("2026-10-04")})
	assert.Equal(t, "", string(answer.figure("active_28").Missing), "the same units with other people may be")
}

func TestADifferenceThatAGapTouchesIsNotTold(t *testing.T) {
	s := newStore(t)
	// The feed is silent on Wednesday 2026-10-14, on which it spoke in the four weeks before: in the window of 11-01 alone.
	s.events("feed", "wiki", day("2026-08-01"), day("2026-10-13"))
	s.events("feed", "wiki", day("2026-10-15"), day("2026-11-01"))
	for _, date := range []string{"2026-11-01", "2026-10-04", "2026-09-06"} {
		s.fill(date, rawUse{active28: 100, creators: 100, activeDays: 100}, rawUse{}, 0)
	}
	s.publish()
	answer := s.compare(CompareQuestion{Unit: "a", Tool: "wiki"})
	assert.Equal(t, 1, answer.This.Row.Trust.GapDays)
	assert.Equal(t, allBut(MissingGap, nil), answer.reasons())
	assert.Equal(t, f64(.5), answer.figure("adoption_rate").This, "the sides say what they know")
	before := s.compare(CompareQuestion{Unit: "a", Tool: "wiki", To: day("2026-10-04")})
	assert.Equal(t, allBut("", nil), before.reasons())
}

// Sums over all tools are not compared where a tool is left out of one of them.
func TestActionsOfOtherToolsAreNotCompared(t *testing.T) {
	s := twoUnits(t, func(s *store) {
		s.licensed("chat") // 3 people of A: too few, so B is hidden with them in chat
		s.sizes(day("2026-11-01"), "chat", "a", 3, "b", 90)
		s.use(day("2026-11-01"), "a", "all", rawUse{active28: 120})
		s.use(day("2026-11-01"), "b", "all", rawUse{active28: 45})
	})
	answer := s.compare(CompareQuestion{Unit: "a", Against: "unit:b"})
	assert.Equal(t, 1, answer.This.Row.ToolsLeftOut)
	assert.Equal(t, MissingHidden, answer.figure("actions").Missing)
	assert.Equal(t, Missing(""), answer.figure("active_28").Missing)
}

func TestAComparisonHasDefaults(t *testing.T) {
	q, err := ParseCompare(url.Values{}, day("2026-11-02"))
	require.NoError(t, err)
	assert.Equal(t, CompareQuestion{Unit: "company", Tool: "all", From: day("2026-10-05"), To: day("2026-11-01"), Against: "previous"}, q)
}

func TestAComparisonThatCannotBeMadeIsRefusedByField(t *testing.T) {
	for query, field := range map[string]string{
		"to=2026-11-02":                  "to", // today
		"to=2027-01-01":                  "to",
		"from=2026-10-20&to=2026-10-10":  "from",
		"from=1980-01-01":                "from", // the period before would begin in 1933
		"against=everybody":              "against",
		"against=unit:":                  "against",
		"against=tool:":                  "against",
		"against=company":                "against", // with itself
		"unit=a&against=unit:a":          "against",
		"tool=wiki&against=tool:wiki":    "against",
		"against=year&against=company":   "against",
		"children=1":                     "children",
		"grain=week":                     "grain",
		"against=previous&from=tomorrow": "from",
	} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		_, err = ParseCompare(values, day("2026-11-02"))
		var e *adoption.Error
		require.ErrorAs(t, err, &e, query)
		assert.Equal(t, adoption.InvalidParameter, e.Code, query)
		assert.Equal(t, field, e.Field, query)
		assert.NotEmpty(t, e.Message, query)
	}
	s := newStore(t)
	for _, q := range []struct {
		CompareQuestion
		field string
	}{
		{CompareQuestion{Unit: "nowhere"}, "unit"}, {CompareQuestion{Tool: "nothing"}, "tool"},
		{CompareQuestion{Against: "unit:nowhere"}, "against"}, {CompareQuestion{Against: "tool:nothing"}, "against"},
	} {
		q.From, q.To = day("2026-10-05"), day("2026-11-01")
		_, err := s.Compare(context.Background(), q.CompareQuestion)
		var e *adoption.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, adoption.NotFound, e.Code)
		assert.Equal(t, q.field, e.Field)
	}
}

// How often the test takes chance for news, counted out: for two groups with the same true share, the probability of all
// pairs of counts that it calls beyond chance at 5 %. docs/metrics.md promises at most 7 % from 20 people on a side, 9 % below.
func TestChanceIsSeldomTakenForNews(t *testing.T) {
	binomial := func(n int, share float64) []float64 {
		p := make([]float64, n+1)
		for k := range p {
			whole, _ := math.Lgamma(float64(n + 1))
			a, _ := math.Lgamma(float64(k + 1))
			b, _ := math.Lgamma(float64(n - k + 1))
			p[k] = math.Exp(whole - a - b + float64(k)*math.Log(share) + float64(n-k)*math.Log(1-share))
		}
		return p
	}
	worst := map[bool]float64{} // by: both groups have 20 people at least
	for _, n := range []int{5, 8, 12, 20, 50, 100} {
		for _, m := range []int{5, 8, 12, 20, 50, 100} {
			for share := .02; share < 1; share += .02 {
				var news float64
				one, other := binomial(n, share), binomial(m, share)
				for i, p := range one {
					for j, q := range other {
						if differs(float64(i)/float64(n), uint64(n), float64(j)/float64(m), uint64(m), wordDoubt) {
							news += p * q
						}
					}
				}
				worst[min(n, m) >= 20] = max(worst[min(n, m) >= 20], news)
			}
		}
	}
	assert.Less(t, worst[true], 0.07)
	assert.Less(t, worst[false], 0.09)
}

// 5 of 83 beside 12 of 99: p = .159, the example in the documentation of statsmodels' proportions_ztest.
func TestChanceAsPublished(t *testing.T) {
	p, known := chance(5.0/83, 83, 12.0/99, 99)
	require.True(t, known)
	assert.InDelta(t, .159, p, 5e-4)
	_, known = chance(.5, 10, .5, 0)
	assert.False(t, known)
	for _, same := range []float64{0, .3, 1} {
		p, known = chance(same, 10, same, 20)
		assert.True(t, known)
		assert.Equal(t, 1.0, p)
	}
}
