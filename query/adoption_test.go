package query

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func named(name, value string) driver.NamedValue { return driver.NamedValue{Name: name, Value: value} }

// salesCompany is Sales (East 20 people, West 12, 3 placed directly in Sales) and Legal (8), and one licensed tool.
//
//	on Sat 2026-10-31   headcount  enabled  active_28  not enabled, active
//	east                20         16       10         2   (of 4 others)
//	west                12         12       6          –
//	sales               3          2        1          1   (of 1 other)
//	legal               8          0        –          3   (of 8 others)
//	unassigned          –          –        –          7
func salesCompany(t testing.TB) *store {
	s := newStore(t)
	s.unit("sales", "company", "Sales")
	s.unit("east", "sales", "Sales East")
	s.unit("west", "sales", "Sales West")
	s.licensed("wiki")
	s.events("feed", "wiki", day("2026-10-01"), day("2026-11-01"))
	d, first := day("2026-10-31"), day("2026-10-01")
	s.heads(first, "east", 20, "west", 12, "sales", 3, "legal", 8)
	s.heads(d, "east", 20, "west", 12, "sales", 3, "legal", 8)
	for _, tool := range []string{"wiki", "all"} {
		s.sizes(d, tool, "east", 16, "west", 12, "sales", 2)
		s.use(d, "east", tool, rawUse{active1: 3, active7: 7, active28: 10, activeNotEnabled: 2, activeDays: 80, creators: 4, responders: 3, consumers: 3, score: 640, actions: 500})
		s.use(d, "west", tool, rawUse{active1: 1, active7: 4, active28: 6, activeDays: 24, creators: 1, responders: 2, consumers: 3, score: 120, actions: 90})
		s.use(d, "sales", tool, rawUse{active28: 1, activeNotEnabled: 1, activeDays: 14, creators: 1, score: 50, actions: 30})
		s.use(d, "legal", tool, rawUse{activeNotEnabled: 3})
		s.use(d, "unassigned", tool, rawUse{activeNotEnabled: 7})
	}
	s.publish()
	return s
}

func TestARowHoldsTheFiguresOfMETRICS(t *testing.T) {
	s := salesCompany(t)
	// Life cycles of the week from Monday 2026-10-26 speak of those enabled on Sunday 2026-11-01: the same here.
	s.heads(day("2026-11-01"), "east", 20, "west", 12, "sales", 3, "legal", 8)
	s.sizes(day("2026-11-01"), "wiki", "east", 16, "west", 12, "sales", 2)
	s.heads(day("2026-11-01").FirstOfMonth(), "east", 20)
	s.week(day("2026-10-26"), "east", "wiki", rawWeek{new: 1, returning: 5, resurrected: 2, dormant: 4})
	s.week(day("2026-10-26"), "west", "wiki", rawWeek{new: 2, returning: 1, resurrected: 1, dormant: 3})
	s.publish()

	// The company: enabled 16 + 12 + 2 = 30, active 10 + 6 + 1 = 17, rate 17/30; days 80 + 24 + 14 = 118, stickiness
	// 118 ÷ 28 ÷ 17; creators 6, responders 5, consumers 6, inactive 30 − 17 = 13; score (640 + 120 + 50) ÷ 30 = 27.
	// Others: 43 − 30 = 13 of the units and 7 unassigned; active of them 2 + 1 + 3 + 7 = 13.
	// Coverage: 17 + 13 = 30 active, 23 of them in the directory; but the others of Sales are 5 and hide nobody:
	// its children East (4 others) and direct (1) are hidden, together 5. So unassigned is shown, and 23/30 with it.
	rows := s.ask("company", "wiki", "2026-10-31", false)
	require.Len(t, rows, 1)
	want := AdoptionRow{
		RowFrame: RowFrame{Unit: "company", UnitName: "Company", Tool: "wiki", Date: day("2026-10-31"), Denominator: "enabled",
			Headcount: 43, Enabled: 30, Trust: RowTrust{Coverage: f64(23.0 / 30)}},
		Active1: u64(4), Active7: u64(11), Active28: u64(17), ActiveNotEnabled: u64(13),
		AdoptionRate: f64(17.0 / 30), Stickiness: f64(118.0 / (28 * 17)),
		New: u64(3), Returning: u64(6), Resurrected: u64(3), Dormant: u64(7),
		Creators: u64(6), Responders: u64(5), Consumers: u64(6), Inactive: u64(13), EngagementScore: f64(27), Actions: u64(620),
	}
	assert.Empty(t, cmp.Diff(want, rows[0]))
}

func TestTheUnitItsChildrenAndTheirRest(t *testing.T) {
	s := salesCompany(t)
	rows := s.ask("sales", "wiki", "2026-10-31", true)
	// 2 enabled people are placed directly in Sales: too few. The next smallest child by headcount on 2026-10-01 is
	// West (12): hidden with them, 14 people together, shown as sales.rest.
	assert.Equal(t, []string{"sales", "east", "west", "sales.direct", "sales.rest"}, units(rows))
	sales, east, west, direct, rest := rows[0], rows[1], rows[2], rows[3], rows[4]
	assert.Equal(t, u64(17), sales.Active28)
	assert.Equal(t, u64(10), east.Active28)
	for _, hidden := range []AdoptionRow{west, direct} {
		assert.True(t, hidden.Suppressed, hidden.Unit)
		assert.Equal(t, "sales.rest", hidden.ShownIn)
		for name, kpi := range map[string]any{"active_28": hidden.Active28, "rate": hidden.AdoptionRate, "score": hidden.EngagementScore, "actions": hidden.Actions, "new": hidden.New, "inactive": hidden.Inactive} {
			assert.Nil(t, kpi, "%s of %s", name, hidden.Unit)
		}
	}
	assert.Equal(t, uint64(12), west.Headcount)
	assert.Equal(t, uint64(2), direct.Enabled)
	assert.Equal(t, "Sales West with 3 others", rest.UnitName)
	assert.Equal(t, u64(7), rest.Active28) // 6 + 1
	assert.Equal(t, f64(7.0/14), rest.AdoptionRate)
	assert.Nil(t, rest.ActiveNotEnabled)
	// The others of Sales: East 4 (hidden), direct 1 (hidden), together 5; West 0 is empty and shown.
	assert.Equal(t, u64(3), sales.ActiveNotEnabled)
	assert.Nil(t, east.ActiveNotEnabled)
	assert.Nil(t, direct.ActiveNotEnabled)
	assert.Equal(t, u64(0), west.ActiveNotEnabled)
}

func TestTheSameRowsWhenAskedForDirectly(t *testing.T) {
	s := salesCompany(t)
	for _, parent := range []string{"company", "sales"} {
		for _, row := range s.ask(parent, "wiki", "2026-10-31", true) {
			alone := s.ask(row.Unit, "wiki", "2026-10-31", false)
			require.Len(t, alone, 1, row.Unit)
			assert.Empty(t, cmp.Diff(row, alone[0]), row.Unit)
		}
	}
}

func TestPeopleOutsideTheTree(t *testing.T) {
	s := salesCompany(t)
	rows := s.ask("company", "wiki", "2026-10-31", true)
	// legal is only named by people. Nobody is placed directly in the company, so there is no company.direct.
	assert.Equal(t, []string{"company", "legal", "sales", "unassigned"}, units(rows))
	legal, unassigned := rows[1], rows[3]
	assert.Equal(t, "legal", legal.UnitName)
	assert.Equal(t, u64(0), legal.Active28, "nobody is enabled: zeros are shown")
	assert.Nil(t, legal.AdoptionRate)
	assert.False(t, legal.Suppressed)
	assert.Equal(t, u64(3), legal.ActiveNotEnabled)
	assert.Equal(t, uint64(0), unassigned.Headcount)
	assert.Nil(t, unassigned.AdoptionRate)
	assert.Equal(t, u64(7), unassigned.ActiveNotEnabled)
	assert.Empty(t, s.ask("company.direct", "wiki", "2026-10-31", false)[0].Headcount)
}

func TestAllToolsHoldTheActionsOfThoseShown(t *testing.T) {
	s := newStore(t)
	s.licensed("wiki")
	s.licensed("chat")
	d := day("2026-10-31")
	s.events("feed", "wiki", d, d)
	s.heads(d.FirstOfMonth(), "a", 10, "b", 20, "c", 30)
	s.heads(d, "a", 10, "b", 20, "c", 30)
	s.sizes(d, "wiki", "a", 10, "b", 20, "c", 30)
	s.sizes(d, "chat", "a", 3, "b", 9, "c", 30) // a is small; b, the smaller of the others, is hidden with it
	s.sizes(d, "all", "a", 10, "b", 20, "c", 30)
	for i, unit := range []string{"a", "b", "c"} {
		s.use(d, unit, "all", rawUse{active28: 3})
		s.use(d, unit, "wiki", rawUse{active28: 3, actions: 100 * uint64(i+1)}) // 100, 200, 300
		s.use(d, unit, "chat", rawUse{active28: 2, actions: 10 * uint64(i+1)})  // 10, 20, 30
	}
	s.publish()
	rows := s.ask("company", "all", "2026-10-31", true)
	require.Equal(t, []string{"company", "a", "b", "c", "unassigned"}, units(rows))
	for i, want := range []struct {
		actions uint64
		leftOut int
	}{{660, 0}, {100, 1}, {200, 1}, {330, 0}, {0, 0}} {
		assert.Equal(t, u64(want.actions), rows[i].Actions, rows[i].Unit)
		assert.Equal(t, want.leftOut, rows[i].ToolsLeftOut, rows[i].Unit)
	}
	chat := s.ask("company", "chat", "2026-10-31", true)
	assert.Equal(t, []string{"company", "a", "b", "c", "unassigned", "company.rest"}, units(chat))
	assert.Equal(t, u64(30), chat[5].Actions)
	assert.Equal(t, "b with 10 others", chat[5].UnitName)
}

func TestAnOpenToolIsMeasuredByHeadcount(t *testing.T) {
	s := newStore(t)
	d := day("2026-10-31")
	s.events("feed", "wiki", d, d)
	s.heads(d, "a", 10)
	s.use(d, "a", "wiki", rawUse{active28: 4})
	s.use(d, "a", "all", rawUse{active28: 4})
	s.publish()
	for _, tool := range []string{"wiki", "all"} {
		row := s.ask("a", tool, "2026-10-31", false)[0]
		assert.Equal(t, "headcount", row.Denominator)
		assert.Equal(t, uint64(10), row.Enabled)
		assert.Equal(t, f64(0.4), row.AdoptionRate)
	}
	s.licensed("chat") // one open tool is enough for all of them to be open
	s.heads(day("2026-10-30"), "a", 10)
	s.publish()
	assert.Equal(t, "headcount", s.ask("a", "all", "2026-10-31", false)[0].Denominator)
	chat := s.ask("a", "chat", "2026-10-31", false)[0]
	assert.Equal(t, "enabled", chat.Denominator)
	assert.Equal(t, uint64(0), chat.Enabled)
	assert.Nil(t, chat.AdoptionRate)
}

func TestTheNewestRunOfADayCounts(t *testing.T) {
	s := newStore(t)
	d := day("2026-10-31")
	s.events("feed", "wiki", d, d)
	s.heads(d, "a", 10, "gone", 5)
	s.use(d, "a", "wiki", rawUse{active28: 4})
	s.publish()
	assert.Equal(t, u64(4), s.ask("company", "wiki", "2026-10-31", false)[0].Active28)
	s.heads(d, "a", 12) // a later refresh knows of no unit "gone"
	s.use(d, "a", "wiki", rawUse{active28: 5})
	s.flush()
	assert.Equal(t, uint64(15), s.ask("company", "wiki", "2026-10-31", false)[0].Headcount, "a run counts when it is complete")
	s.publish()
	row := s.ask("company", "wiki", "2026-10-31", false)[0]
	assert.Equal(t, uint64(12), row.Headcount)
	assert.Equal(t, u64(5), row.Active28)
	_, err := s.Adoption(context.Background(), AdoptionQuestion{Unit: "gone", From: d, To: d})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
}

func TestRowsExistForDaysWithFiguresOnly(t *testing.T) {
	s := salesCompany(t)
	answer, err := s.Adoption(context.Background(), AdoptionQuestion{From: day("2026-09-01"), To: day("2026-12-31"), Grain: adoption.ByMonth})
	require.NoError(t, err)
	// Ends: 09-30 (no figures), 10-31, and 11-02, today, where the answer is cut (no figures in this test).
	require.Len(t, answer.Rows, 1)
	assert.Equal(t, day("2026-10-31"), answer.Rows[0].Date)
	assert.False(t, answer.Rows[0].Running)
}

func TestDataUntilIsTheEndOfTheLastDayOrWhatHasArrived(t *testing.T) {
	s := salesCompany(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	s.Zone = berlin
	answer, err := s.Adoption(context.Background(), AdoptionQuestion{From: day("2026-10-01"), To: day("2026-10-31")})
	require.NoError(t, err)
	text, err := json.Marshal(answer)
	require.NoError(t, err)
	assert.Contains(t, string(text), `{"data_until":"2026-10-31T23:59:59+01:00","window_days":28,"timezone":"Europe/Berlin","min_group":5,"rows":[`)
	answer, err = s.Adoption(context.Background(), AdoptionQuestion{From: day("2026-10-01"), To: day("2026-11-02")})
	require.NoError(t, err)
	assert.Equal(t, s.Now().Unix(), answer.DataUntil.Unix(), "today is not over")
}

func TestStrangeNamesOfUnitsAndTools(t *testing.T) {
	s := newStore(t)
	unit, tool, d := `R&D "it's" \ 100% ü, [x] {y:String}`, `to'ol, "1\t"`, day("2026-10-31")
	s.events("feed", tool, d, d)
	s.heads(d, unit, 10)
	s.use(d, unit, tool, rawUse{active28: 4})
	s.publish()
	row := s.ask(unit, tool, "2026-10-31", false)[0]
	assert.Equal(t, u64(4), row.Active28)
	assert.Equal(t, uint64(10), row.Headcount)
}

func TestUnknownUnitsAndTools(t *testing.T) {
	s := salesCompany(t)
	for _, q := range []AdoptionQuestion{{Unit: "nowhere"}, {Tool: "nothing"}, {Unit: "legal.direct"}, {Unit: "legal.rest"}, {Unit: "company.rest", Tool: "wiki"}, {Unit: "external"}} {
		q.From, q.To = day("2026-10-31"), day("2026-10-31")
		_, err := s.Adoption(context.Background(), q)
		var e *adoption.Error
		require.ErrorAs(t, err, &e, "%+v", q)
		assert.Equal(t, adoption.NotFound, e.Code)
		assert.Contains(t, []string{"unit", "tool"}, e.Field)
	}
}
