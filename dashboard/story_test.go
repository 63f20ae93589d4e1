package dashboard

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
)

// A company with a story, written straight into the KPI tables of the real engine: what the pages show is then known
// without running ingest and refresh, which have tests of their own.

func TestMain(m *testing.M) { clickhousetest.Main(m) }

// storyNow is the moment at which the story is read: a Sunday morning.
var storyNow = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

const storyDays = 371

type storyUnit struct {
	id, parent, name string
	people           float64
	// The share active rises from start by rise along an S-curve whose middle lies middle days ago; drop is what the
	// last 28 days took away; below zero, what they brought.
	start, rise, middle, drop float64
}

var storyUnits = []storyUnit{
	{"production", "company", "Production", 0, 0, 0, 0, 0},
	{"plant-north", "production", "Plant North", 64, .22, .20, 150, -.38},
	{"plant-south", "production", "Plant South", 52, .18, .12, 300, 0},
	{"maintenance", "production", "Maintenance", 24, .34, .35, 200, .46},
	{"sales", "company", "Sales", 42, .48, .42, 230, -.06},
	{"engineering", "company", "Engineering", 48, .40, .14, 160, -.32},
	{"marketing", "company", "Marketing", 16, .30, .20, 145, -.38},
	{"it", "company", "Information technology", 14, .75, .20, 250, 0},
	{"finance", "company", "Finance", 15, .30, .20, 180, -.28},
	{"quality", "company", "Quality", 11, .30, .16, 120, -.18},
	{"procurement", "company", "Procurement", 9, .22, .34, 170, 0},
	{"people", "company", "People and culture", 8, .40, .36, 140, 0},
	{"legal", "company", "Legal", 3, .5, .2, 100, 0},
	{"board-office", "company", "Board office", 4, .5, .2, 100, 0},
}

type storyTool struct {
	id, name, category string
	licensed           bool
	share              float64 // of the unit's own rate
	began              int     // days before the end
}

var storyTools = []storyTool{
	{"chat", "Chat", "chat", true, .92, 400},
	{"documents", "Documents", "documents", true, .78, 400},
	{"meetings", "Meetings", "meetings", true, .70, 400},
	{"mail", "Mail", "mail", true, .60, 400},
	{"notepad", "notepad", "wiki", false, .30, 210},
}

// hasAccess is the share of a unit that has a licence: the plants have few for chat and documents.
func hasAccess(u storyUnit, tool storyTool) float64 {
	plant := u.parent == "production"
	switch {
	case plant && tool.id == "chat":
		return .75
	case plant && tool.id == "documents":
		return .5
	}
	return 1
}

// rate is the share of a unit that is active, ago days before the end, with a little weather.
func (u storyUnit) rate(ago float64) float64 {
	r := u.start + u.rise/(1+math.Exp((ago-u.middle)/24)) + .012*math.Sin(ago/5+u.people)
	if ago < 28 {
		r -= u.drop * (28 - ago) / 28
	}
	return min(max(r, 0), .97)
}

// shareAt is the share of a unit's own rate that uses the tool, ago days before the end: the rogue tool grows.
func (tool storyTool) shareAt(ago float64) float64 {
	if tool.licensed {
		return tool.share
	}
	return tool.share * (1 - ago/float64(tool.began))
}

// activeOfWeek is how many of those active in 28 days were in the last seven.
func activeOfWeek(active float64) float64 { return math.Round(math.Round(active) * .82) }

// tellStory fills a fresh database.
func tellStory(t testing.TB) driver.Conn {
	t.Helper()
	db := clickhousetest.Open(t)
	ctx := context.Background()
	require.NoError(t, migrations.Up(ctx, db))
	s := &story{t: t, ctx: ctx, db: db, last: adoption.DayOf(storyNow, time.UTC)}
	s.names()
	s.sizes()
	s.uses()
	s.weeks()
	s.sources()
	s.begin()
	s.cohorts()
	s.pairs()
	s.work()
	s.spread()
	s.by()
	s.refreshed()
	return db
}

type story struct {
	t    testing.TB
	ctx  context.Context
	db   driver.Conn
	last adoption.Day
}

// into appends rows to a table in one insert.
func (s *story) into(table string, fill func(add func(values ...any))) {
	s.t.Helper()
	batch, err := s.db.PrepareBatch(s.ctx, "INSERT INTO "+table)
	require.NoError(s.t, err)
	defer batch.Close()
	fill(func(values ...any) { require.NoError(s.t, batch.Append(values...), table) })
	require.NoError(s.t, batch.Send(), table)
}

// days calls f for each day of the story, month by month: an insert takes a bounded number of partitions.
func (s *story) days(f func(day adoption.Day, ago int)) {
	for ago := storyDays; ago >= 0; ago-- {
		f(s.last-adoption.Day(ago), ago)
	}
}

const storyRun = uint64(1)

func (s *story) names() {
	s.into("units (unit, parent, name, version)", func(add func(...any)) {
		for _, u := range storyUnits {
			add(u.id, u.parent, u.name, uint64(1))
		}
	})
	s.into("tools (tool, name, category, version)", func(add func(...any)) {
		for _, tool := range storyTools {
			if tool.licensed { // the rogue one nobody has listed
				add(tool.id, tool.name, tool.category, uint64(1))
			}
		}
	})
	s.into("licences (person, tool, first_day, version)", func(add func(...any)) {
		for _, tool := range storyTools {
			if tool.licensed {
				add(uint64(1), tool.id, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), uint64(1))
			}
		}
	})
}

func (s *story) sizes() {
	s.into("kpi_size (day, run, unit, tool, people)", func(add func(...any)) {
		s.days(func(day adoption.Day, _ int) {
			for _, u := range storyUnits {
				if u.people == 0 {
					continue
				}
				add(day.Time(), storyRun, u.id, "", uint64(u.people))
				for _, tool := range storyTools {
					if tool.licensed {
						add(day.Time(), storyRun, u.id, tool.id, uint64(math.Round(u.people*hasAccess(u, tool))))
					}
				}
			}
		})
	})
}

func (s *story) uses() {
	const columns = "kpi_use (day, run, unit, tool, active_1, active_7, active_28, active_not_enabled, active_days, creators, responders, consumers, score, actions)"
	s.into(columns, func(add func(...any)) {
		s.days(func(day adoption.Day, ago int) {
			row := func(unit, tool string, enabled, others, rate float64) {
				active := math.Round(enabled * rate)
				creators := math.Round(active * .34)
				responders := math.Round(active * .31)
				add(day.Time(), storyRun, unit, tool, uint64(math.Round(active*.55)), uint64(activeOfWeek(active)), uint64(active),
					uint64(others), uint64(math.Round(active*28*(.3+rate/5))), uint64(creators), uint64(responders), uint64(active-creators-responders),
					active*(30+45*rate), uint64(math.Round(active*28*2.6*rate)))
			}
			for _, u := range storyUnits {
				if u.people == 0 {
					continue
				}
				rate := u.rate(float64(ago))
				row(u.id, adoption.AllTools, u.people, 0, rate)
				for _, tool := range storyTools {
					if ago > tool.began {
						continue
					}
					enabled := math.Round(u.people * hasAccess(u, tool))
					row(u.id, tool.id, enabled, math.Round((u.people-enabled)*rate*.8), rate*tool.shareAt(float64(ago)))
				}
			}
			row(adoption.Unassigned, adoption.AllTools, 0, 9, 0)
		})
	})
}

func (s *story) weeks() {
	s.into("kpi_week (day, run, unit, tool, new, returning, resurrected, dormant)", func(add func(...any)) {
		s.days(func(day adoption.Day, ago int) {
			if day != day.Monday() {
				return
			}
			sunday := max(ago-6, 0) // of the running week: today
			for i, u := range storyUnits {
				if u.people == 0 {
					continue
				}
				for _, tool := range append([]storyTool{{id: adoption.AllTools, licensed: true, share: 1, began: storyDays}}, storyTools...) {
					if sunday > tool.began {
						continue
					}
					enabled := math.Round(u.people * hasAccess(u, tool))
					active := activeOfWeek(enabled * u.rate(float64(sunday)) * tool.shareAt(float64(sunday)))
					fresh := storyBegun(u, tool, ago)
					back := math.Min(active-fresh, math.Round(active*.08)+float64((ago/7+i)%2))
					add(day.Time(), storyRun, u.id, tool.id, uint64(fresh), uint64(active-fresh-back), uint64(back), uint64(math.Round(active*.09)+float64((ago/7+i)%3)))
				}
			}
		})
	})
}

// gapDays is how many days ago the documents' feed was silent.
func silent(source string, ago int) bool {
	return source == "documents-feed" && (ago == 75 || ago == 76)
}

func (s *story) sources() {
	s.into("source_day (day, run, source, tool, events, last_time, last_received)", func(add func(...any)) {
		s.days(func(day adoption.Day, ago int) {
			for i, tool := range storyTools {
				source := tool.id + "-feed"
				weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
				if ago > tool.began || weekend || silent(source, ago) {
					continue
				}
				at := day.Time().Add(17 * time.Hour)
				add(day.Time(), storyRun, source, tool.id, uint64(400+120*i+(ago*37)%90), at, at.Add(time.Minute))
			}
		})
	})
	s.into("unknown_day (day, run, source, name, events)", func(add func(...any)) {
		for ago, name := range []string{"Poll Answered", "Huddle Started", "Reminder Snoozed (id)", "com.example.chat.workflow.step.completed.by.somebody.else.than.the.author.v2"} {
			add((s.last - adoption.Day(3+ago)).Time(), storyRun, "chat-feed", name, uint64(1290/(ago*ago+1)))
		}
	})
	s.into("rejected (day, source, field, reason, events)", func(add func(...any)) {
		add((s.last - 2).Time(), "chat-feed", "action", "the action is not in the list", uint64(14))
		add((s.last - 5).Time(), "mail-feed", "time", "the time lies in the future", uint64(2))
	})
}

func (s *story) refreshed() {
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		s.days(func(day adoption.Day, _ int) {
			for _, about := range []string{"kpi_size", "kpi_use", "source_day", "unknown_day", "person_day"} {
				add(about, day.Time(), storyRun)
			}
			if day == day.Monday() {
				add("kpi_week", day.Time(), storyRun)
			}
		})
	})
}
