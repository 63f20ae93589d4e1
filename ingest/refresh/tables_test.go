package refresh_test

import (
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// What readers see: of each table and day the run that refreshed names.
const seen = ` WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = '`

func dayOf(t time.Time) adoption.Day { return adoption.DayOf(t, time.UTC) }

func each(t testing.TB, db driver.Conn, sql string, row func(scan func(...any) error) error) {
	t.Helper()
	rows, err := db.Query(t.Context(), sql)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		require.NoError(t, row(rows.Scan))
	}
	require.NoError(t, rows.Err())
}

// readFigures reads all tables as readers do. A row that comes twice fails the test.
func readFigures(t testing.TB, db driver.Conn) *figures {
	t.Helper()
	f := &figures{
		personDay: map[dayTool]map[adoption.Person]counts{}, sourceDay: map[sourceTool]sourceCounts{}, unknown: map[sourceName]uint64{}, first: map[toolPerson]adoption.Day{},
		size: map[cell]uint64{}, use: map[cell]useCell{}, week: map[cell]weekCell{}, pairDay: map[pairDay]uint64{}, pair: map[unitPair]uint64{}, work: map[cell]workCell{}, acts: map[actionCell]uint64{}, habit: map[cell]habitCell{}, spread: map[cell]spreadCell{}, cohort: map[cohortCell]uint64{},
	}
	var day time.Time
	var tool, unit, source string
	var person uint64
	each(t, db, `SELECT day, tool, person, contribute, respond, share, meet, consume, access, duration_s FROM person_day`+seen+`person_day' GROUP BY day)`,
		func(scan func(...any) error) error {
			var c counts
			err := scan(&day, &tool, &person, &c.contribute, &c.respond, &c.share, &c.meet, &c.consume, &c.access, &c.duration)
			key := dayTool{dayOf(day), tool}
			if f.personDay[key] == nil {
				f.personDay[key] = map[adoption.Person]counts{}
			}
			require.NotContains(t, f.personDay[key], adoption.Person(person))
			f.personDay[key][adoption.Person(person)] = c
			return err
		})
	each(t, db, `SELECT day, source, tool, events, last_time, last_received FROM source_day`+seen+`source_day' GROUP BY day)`,
		func(scan func(...any) error) error {
			var c sourceCounts
			err := scan(&day, &source, &tool, &c.events, &c.last, &c.received)
			c.last, c.received = c.last.UTC(), c.received.UTC()
			require.NotContains(t, f.sourceDay, sourceTool{dayOf(day), source, tool})
			f.sourceDay[sourceTool{dayOf(day), source, tool}] = c
			return err
		})
	each(t, db, `SELECT day, source, name, events FROM unknown_day`+seen+`unknown_day' GROUP BY day)`, func(scan func(...any) error) error {
		var name string
		var events uint64
		err := scan(&day, &source, &name, &events)
		require.NotContains(t, f.unknown, sourceName{dayOf(day), source, name})
		f.unknown[sourceName{dayOf(day), source, name}] = events
		return err
	})
	each(t, db, `SELECT tool, person, day FROM first_active FINAL WHERE day < toDate(65535)`, func(scan func(...any) error) error {
		err := scan(&tool, &person, &day)
		f.first[toolPerson{tool, adoption.Person(person)}] = dayOf(day)
		return err
	})
	each(t, db, `SELECT day, unit, tool, people FROM kpi_size`+seen+`kpi_size' GROUP BY day)`, func(scan func(...any) error) error {
		var people uint64
		err := scan(&day, &unit, &tool, &people)
		require.NotContains(t, f.size, cell{dayOf(day), unit, tool})
		f.size[cell{dayOf(day), unit, tool}] = people
		return err
	})
	each(t, db, `SELECT day, unit, tool, active_1, active_7, active_28, active_not_enabled, active_days, creators, responders, consumers, score, actions FROM kpi_use`+seen+`kpi_use' GROUP BY day)`,
		func(scan func(...any) error) error {
			var c useCell
			err := scan(&day, &unit, &tool, &c.active1, &c.active7, &c.active28, &c.notEnabled, &c.activeDays, &c.creators, &c.responders, &c.consumers, &c.score, &c.actions)
			require.NotContains(t, f.use, cell{dayOf(day), unit, tool})
			f.use[cell{dayOf(day), unit, tool}] = c
			return err
		})
	each(t, db, `SELECT day, unit, tool, new, returning, resurrected, dormant FROM kpi_week`+seen+`kpi_week' GROUP BY day)`,
		func(scan func(...any) error) error {
			var c weekCell
			err := scan(&day, &unit, &tool, &c.new, &c.returning, &c.resurrected, &c.dormant)
			require.NotContains(t, f.week, cell{dayOf(day), unit, tool})
			f.week[cell{dayOf(day), unit, tool}] = c
			return err
		})
	readHabits(t, db, f)
	readSpreads(t, db, f)
	readCohorts(t, db, f)
	readPairs(t, db, f)
	readWork(t, db, f)
	f.days = seenDays(t, db, "kpi_use")
	require.Equal(t, f.days, seenDays(t, db, "kpi_pair"), "and so has kpi_pair")
	require.Equal(t, f.days, seenDays(t, db, "kpi_work"), "and kpi_work")
	require.Equal(t, f.days, seenDays(t, db, "kpi_size"), "kpi_size and kpi_use have figures of the same days")
	require.Equal(t, f.days, seenDays(t, db, "kpi_habit"), "and so has kpi_habit")
	require.Equal(t, f.days, seenDays(t, db, "kpi_spread"), "and kpi_spread")
	f.mondays = seenDays(t, db, "kpi_week")
	require.Equal(t, f.mondays, seenDays(t, db, "kpi_cohort"), "kpi_week and kpi_cohort have figures of the same weeks")
	readBegin(t, db, f)
	readBy(t, db, f)
	return f
}

func seenDays(t testing.TB, db driver.Conn, table string) (days []adoption.Day) {
	t.Helper()
	var day time.Time
	each(t, db, `SELECT DISTINCT day FROM refreshed WHERE about = '`+table+`' ORDER BY day`, func(scan func(...any) error) error {
		err := scan(&day)
		days = append(days, dayOf(day))
		return err
	})
	return days
}

func readIdentity(t testing.TB, db driver.Conn) map[adoption.Hash]adoption.Person {
	t.Helper()
	all := map[adoption.Hash]adoption.Person{}
	var hash string
	var person uint64
	each(t, db, `SELECT hash, person FROM identity FINAL`, func(scan func(...any) error) error {
		err := scan(&hash, &person)
		all[adoption.Hash([]byte(hash))] = adoption.Person(person)
		return err
	})
	return all
}

// difference says how two sets of figures differ, "" if they do not. Scores are sums of fractions: their order may
// change the last digits.
func difference(want, got *figures) string {
	return cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-6),
		cmp.AllowUnexported(figures{}, dayTool{}, sourceTool{}, sourceName{}, toolPerson{}, cell{}, counts{}, sourceCounts{}, useCell{}, weekCell{}, pairDay{}, unitPair{}, workCell{}, actionCell{}, spreadCell{}, beginning{}, habitCell{}, cohortCell{}, byFigures{}, byCell{}, cellOf{}))
}

// runsOf is the run of each day of a table that readers see.
func runsOf(t testing.TB, db driver.Conn, table string) map[adoption.Day]uint64 {
	t.Helper()
	runs := map[adoption.Day]uint64{}
	each(t, db, `SELECT day, max(run) FROM refreshed WHERE about = '`+table+`' GROUP BY day`, func(scan func(...any) error) error {
		var day time.Time
		var run uint64
		err := scan(&day, &run)
		runs[dayOf(day)] = run
		return err
	})
	return runs
}
