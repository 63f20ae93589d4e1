package adoption_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func day(t *testing.T, s string) adoption.Day {
	t.Helper()
	d, err := adoption.ParseDay(s)
	require.NoError(t, err)
	return d
}

func TestADayIsWhatTheCalendarOfItsZoneSays(t *testing.T) {
	stJohns, err := time.LoadLocation("America/St_Johns") // UTC−3:30, in summer −2:30
	require.NoError(t, err)
	kiritimati, err := time.LoadLocation("Pacific/Kiritimati") // UTC+14
	require.NoError(t, err)
	at := time.Date(2026, 7, 1, 2, 15, 0, 0, time.UTC) // 23:45 on 30 June in St John's, 16:15 on 1 July in Kiritimati
	require.Equal(t, day(t, "2026-07-01"), adoption.DayOf(at, time.UTC))
	require.Equal(t, day(t, "2026-06-30"), adoption.DayOf(at, stJohns))
	require.Equal(t, day(t, "2026-07-01"), adoption.DayOf(at, kiritimati))
	require.Equal(t, time.Date(2026, 7, 1, 2, 30, 0, 0, time.UTC), day(t, "2026-07-01").Start(stJohns).UTC())

	event := adoption.Event{Time: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), DateOnly: true}
	require.Equal(t, day(t, "2026-07-01"), event.Day(stJohns), "a date without a time counts on that date in every zone")
	event.DateOnly = false
	require.Equal(t, day(t, "2026-06-30"), event.Day(stJohns))
}

// 2026-11-22 is a Sunday, 2024-02-29 a leap day, and 2026-01-01 lies in the ISO week that began on 2025-12-29.
func TestWeeksAndMonths(t *testing.T) {
	require.Equal(t, time.Sunday, day(t, "2026-11-22").Weekday())
	require.Equal(t, day(t, "2026-11-16"), day(t, "2026-11-22").Monday())
	require.Equal(t, day(t, "2026-11-16"), day(t, "2026-11-16").Monday())
	require.Equal(t, day(t, "2025-12-29"), day(t, "2026-01-01").Monday())
	require.Equal(t, day(t, "2024-02-29"), day(t, "2024-02-01").EndOfMonth())
	require.Equal(t, day(t, "2025-02-28"), day(t, "2025-02-28").EndOfMonth())
	require.Equal(t, day(t, "2024-12-31"), day(t, "2024-12-05").EndOfMonth())
	require.Equal(t, day(t, "2024-02-01"), day(t, "2024-02-29").FirstOfMonth())
}

func TestDaysAreWrittenAndRead(t *testing.T) {
	for _, s := range []string{"1970-01-01", "2024-02-29", "2149-06-06"} {
		require.Equal(t, s, day(t, s).String())
	}
	require.Equal(t, adoption.LastDay, day(t, "2149-06-06"))
	for _, s := range []string{"", "2026-13-01", "2025-02-29", "26-01-01", "2026-1-1", "1969-12-31", "2149-06-07", "2026-01-01T00:00:00Z"} {
		_, err := adoption.ParseDay(s)
		require.Error(t, err, s)
	}
}

func TestPeriodsEndWithTheirLastDayOrWhereTheyAreCut(t *testing.T) {
	ends := func(from, to string, grain adoption.Grain, today string) (list []string) {
		for _, p := range adoption.PeriodEnds(day(t, from), day(t, to), grain, day(t, today)) {
			text := p.Date.String()
			if p.Running {
				text += " running"
			}
			list = append(list, text)
		}
		return list
	}
	// The week of 2026-11-09 is whole, that of 2026-11-16 is cut on its Thursday.
	require.Equal(t, []string{"2026-11-15", "2026-11-19 running"}, ends("2026-11-11", "2026-11-19", adoption.ByWeek, "2026-12-24"))
	require.Equal(t, []string{"2026-11-15", "2026-11-22"}, ends("2026-11-09", "2026-11-22", adoption.ByWeek, "2026-12-24"))
	require.Equal(t, []string{"2024-01-31", "2024-02-29", "2024-03-10 running"}, ends("2024-01-15", "2024-03-10", adoption.ByMonth, "2026-12-24"))
	require.Equal(t, []string{"2026-11-21", "2026-11-22 running"}, ends("2026-11-21", "2026-11-30", adoption.ByDay, "2026-11-22"), "days to come do not exist yet")
	require.Equal(t, []string{"2026-11-22 running"}, ends("2026-11-20", "2026-11-22", adoption.ByWeek, "2026-11-22"), "today is not over, Sunday or not")
	require.Empty(t, ends("2026-11-25", "2026-11-30", adoption.ByDay, "2026-11-22"))
}

// The list of METRICS.md, Actions.
func TestEveryActionHasItsClass(t *testing.T) {
	classes := map[adoption.Class][]string{
		adoption.Contribute: {"post", "message", "send", "create", "edit", "upload", "publish"},
		adoption.Respond:    {"reply", "comment", "react", "like", "mention", "review", "approve"},
		adoption.Share:      {"share", "invite", "link"},
		adoption.Meet:       {"meet", "join", "call"},
		adoption.Consume:    {"view", "read", "download", "search", "watch"},
		adoption.Access:     {"login", "session", "install", "token"},
	}
	total := 0
	for class, actions := range classes {
		require.Equal(t, class != adoption.Access, class.Active())
		for _, action := range actions {
			found, known := adoption.ClassOf(action)
			require.True(t, known, action)
			require.Equal(t, class, found, action)
			total++
		}
	}
	require.Len(t, adoption.Actions(), total)
	_, known := adoption.ClassOf("dance")
	require.False(t, known)
}

func TestErrorsTellReadersOnlyWhatIsSafe(t *testing.T) {
	cause := errors.New("password=secret")
	require.Equal(t, adoption.Code(""), adoption.CodeOf(nil))
	require.Equal(t, adoption.Internal, adoption.CodeOf(cause))
	require.NotContains(t, adoption.Public(cause).Message, "secret")
	require.ErrorIs(t, adoption.Public(cause), cause, "the log still has the cause")

	refused := fmt.Errorf("read the question: %w", adoption.Invalid("from", "from lies after to."))
	require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(refused))
	require.Equal(t, "from", adoption.Public(refused).Field)
	require.Equal(t, "from lies after to.", adoption.Public(refused).Message)
}

// The statuses that METRICS.md lists for errors, and 500 for what is none of ours.
func TestCodesHaveTheirStatus(t *testing.T) {
	for code, status := range map[adoption.Code]int{
		adoption.InvalidParameter: 400, adoption.Unauthorized: 401, adoption.Forbidden: 403, adoption.NotFound: 404, adoption.Conflict: 409,
		adoption.TooLarge: 413, adoption.Unsupported: 415, adoption.Unprocessable: 422, adoption.TooMany: 429, adoption.Unavailable: 503,
		adoption.Internal: 500, "": 500, "nonsense": 500,
	} {
		require.Equal(t, status, code.Status(), code)
	}
	require.Len(t, adoption.Codes(), 11)
}

func TestHashAsText(t *testing.T) {
	var back adoption.Hash
	text, err := json.Marshal(map[string]adoption.Hash{"who": {0x0a, 15: 0xff}})
	if err != nil || string(text) != `{"who":"0a0000000000000000000000000000ff"}` {
		t.Fatalf("%s %v", text, err)
	}
	if err := back.UnmarshalText([]byte("0a0000000000000000000000000000ff")); err != nil || back != (adoption.Hash{0x0a, 15: 0xff}) {
		t.Fatalf("%v %v", back, err)
	}
	for _, wrong := range []string{"", "0a", "0a0000000000000000000000000000fg", "0a0000000000000000000000000000ff00"} {
		if err := back.UnmarshalText([]byte(wrong)); err == nil {
			t.Errorf("%q was taken for a hash", wrong)
		}
	}
}
