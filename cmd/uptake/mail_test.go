package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// mailStart is when second 0 of the data is said to be: its true start is not published.
var mailStart = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

const mailZone = "Europe/Brussels" // days are cut there, not in UTC, so that a mix-up shows

// mailDays are days after the start to compare on: the first weeks, where windows are cut short; the dense months;
// the gap from 526 to 796, as it opens and inside; the tail behind it, and what follows when nothing more comes.
var mailDays = []adoption.Day{0, 6, 13, 27, 28, 45, 88, 121, 182, 250, 333, 365, 400, 470, 511, 525, 526, 532, 540, 552, 553, 600, 660, 700, 795, 797, 799, 803, 815, 830, 840}

// mail is a line of the data.
type mail struct {
	from, to, seconds int
}

// readMails reads email-eu-core, and departments by person.
func readMails(t *testing.T) (mails []mail, departments map[int]string) {
	t.Helper()
	folder := os.Getenv("UPTAKE_TESTDATA")
	if folder == "" {
		if os.Getenv("CI") != "" {
			require.Fail(t, "UPTAKE_TESTDATA must name the shared data where CI is set")
		}
		t.Skip("left out: UPTAKE_TESTDATA does not name the shared data (the real mails of email-eu-core may not be part of the repository)")
	}
	folder = filepath.Join(folder, "email-eu-core")
	file, err := os.Open(filepath.Join(folder, "email-Eu-core-temporal.txt.gz"))
	require.NoError(t, err)
	defer file.Close()
	text, err := gzip.NewReader(file)
	require.NoError(t, err)
	for lines := bufio.NewScanner(text); lines.Scan(); {
		var m mail
		_, err := fmt.Sscan(lines.Text(), &m.from, &m.to, &m.seconds)
		require.NoError(t, err)
		mails = append(mails, m)
	}
	require.Len(t, mails, 332_334)

	table, err := os.ReadFile(filepath.Join(folder, "temporal-node-departments.derived.tsv"))
	require.NoError(t, err)
	departments = map[int]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n")[1:] {
		columns := strings.Split(line, "\t")
		person, err := strconv.Atoi(columns[0])
		require.NoError(t, err)
		departments[person] = columns[2]
	}
	require.Len(t, departments, 986)
	return mails, departments
}

// modelOf is the plain calculation over the data.
func modelOf(t *testing.T, mails []mail, departments map[int]string) *mailModel {
	zone, err := time.LoadLocation(mailZone)
	require.NoError(t, err)
	m := &mailModel{k: 5, people: map[int]*mailPerson{}, open: true}
	for person, department := range departments {
		m.people[person] = &mailPerson{actions: map[adoption.Day]int{}}
		if department != "" {
			m.people[person].unit = "department-" + department
		}
	}
	for _, mail := range mails {
		m.people[mail.from].actions[mailDay(mailStart, mail.seconds, zone)]++
	}
	return m
}

func (m *mailModel) peopleCSV() string {
	var b strings.Builder
	b.WriteString("email,unit,effective_from\n")
	for id, p := range m.people {
		if p.unit != "" {
			fmt.Fprintf(&b, "P%d@Example.org,%s,2023-06-01\n", id, p.unit) // written otherwise than in the events
		}
	}
	return b.String()
}

// licence gives two thirds of the people access, some of them for a time only, and returns the file that says so.
func (m *mailModel) licence(start adoption.Day) string {
	m.open = false
	var b strings.Builder
	b.WriteString("email,tool,from,to\n")
	give := func(id int, first, last adoption.Day) {
		m.people[id].licences = append(m.people[id].licences, [2]adoption.Day{first, last})
		to := ""
		if last != adoption.LastDay {
			to = last.String()
		}
		fmt.Fprintf(&b, "p%d@example.org,mail,%s,%s\n", id, first, to)
	}
	for id := range m.people {
		switch id % 6 {
		case 0, 1:
			give(id, start-100, adoption.LastDay)
		case 2:
			give(id, start+90, start+539)
		case 3:
			give(id, start+26, start+332)
			give(id, start+470, start+800)
		}
	}
	return b.String()
}

func writeMail(b *bytes.Buffer, line int, m mail) {
	fmt.Fprintf(b, `{"id":"%d","time":"%s","tool":"mail","actor":"p%d@example.org","action":"send","counterparts":["p%d@example.org"]}`+"\n",
		line, mailStart.Add(time.Duration(m.seconds)*time.Second).Format(time.RFC3339), m.from, m.to)
}

// sendMails sends the lines of the data in the given order.
func (s *server) sendMails(token string, mails []mail, order []int) {
	s.t.Helper()
	const batch = 8000
	began, n := time.Now(), len(order)
	defer func() { s.t.Logf("sent %d mails in %s", n, time.Since(began).Round(time.Millisecond)) }()
	for len(order) > 0 {
		n := min(batch, len(order))
		var body bytes.Buffer
		for _, i := range order[:n] {
			writeMail(&body, i+1, mails[i])
		}
		order = order[n:]
		status, answer, err := s.send(token, "/v1/events", "application/x-ndjson", &body)
		require.NoError(s.t, err)
		require.Equal(s.t, http.StatusAccepted, status, "%s", answer)
		var result eventsAnswer
		require.NoError(s.t, json.Unmarshal(answer, &result))
		require.EqualValues(s.t, n, result.Accepted)
		require.Empty(s.t, result.Rejected)
	}
}

func (s *server) sendDirectory(token, kind, csv string) {
	s.t.Helper()
	status, answer, err := s.send(token, "/v1/directory/"+kind+"?strict=1", "text/csv", strings.NewReader(csv))
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusAccepted, status, "%s", answer)
}

// The figures of real mails, for every department and on many days, are those of a plain calculation; the order and
// the number of times in which the mails come make no difference.
func TestRealMails(t *testing.T) {
	mails, departments := readMails(t)
	model := modelOf(t, mails, departments)
	start := adoption.DayOf(mailStart, time.UTC)
	inOrder := make([]int, len(mails))
	for i := range inOrder {
		inOrder[i] = i
	}

	t.Run("in order", func(t *testing.T) {
		s, token, reader := serveMails(t)
		s.sendDirectory(token, "people", model.peopleCSV())
		s.sendMails(token, mails, inOrder)
		s.settle(reader)
		compareMails(t, s, reader, model, start)
		licences := model.licence(start)
		s.sendDirectory(token, "licences", licences)
		s.settle(reader)
		compareMails(t, s, reader, model, start)
	})
	t.Run("twice and shuffled, the directory last", func(t *testing.T) {
		model := modelOf(t, mails, departments)
		licences := model.licence(start)
		twice := append(append([]int(nil), inOrder...), inOrder...)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(twice), func(i, j int) { twice[i], twice[j] = twice[j], twice[i] })
		s, token, reader := serveMails(t)
		s.sendMails(token, mails, twice)
		s.sendDirectory(token, "licences", licences)
		s.sendDirectory(token, "people", model.peopleCSV())
		s.settle(reader)
		compareMails(t, s, reader, model, start)
	})
}

func serveMails(t *testing.T) (s *server, token, reader string) {
	h := newHouse(t, "UPTAKE_TIMEZONE="+mailZone, "UPTAKE_RETENTION=off")
	token = h.must("token", "create", "--source", "eu-core", "--directory")
	reader = h.must("token", "create", "--reader", "test")
	return h.serve(), token, reader
}

// compareMails compares every figure of every department on every one of the days.
func compareMails(t *testing.T, s *server, reader string, model *mailModel, start adoption.Day) {
	t.Helper()
	seen := map[string]int{}
	for tool, breadth := range map[string]float64{"mail": 1, "all": 1.0 / 3} {
		for _, after := range mailDays {
			day := start + after
			want := model.figures(day, breadth)
			rows := s.adoption(reader, tool, day.String(), true)
			for _, got := range rows {
				name := fmt.Sprintf("%s, %s, %s", got.Unit, tool, day)
				require.Contains(t, want, got.Unit, name)
				compareRow(t, name, want[got.Unit], got)
				if got.Suppressed {
					seen["hidden"]++
				}
				if got.ActiveNotEnabled == nil {
					seen["hidden others"]++
				}
			}
			require.Len(t, rows, len(want), "%s, %s", tool, day)
			seen["days"]++
		}
	}
	require.GreaterOrEqual(t, seen["days"], 2*20)
	require.Positive(t, seen["hidden"], "the data has departments that are too small to be shown")
	require.Positive(t, seen["hidden others"])
}

func compareRow(t *testing.T, name string, want *mailUnit, got row) {
	t.Helper()
	require.Equal(t, want.headcount, got.Headcount, name)
	require.Equal(t, want.enabled, got.Enabled, name)
	require.Equal(t, want.hidden, got.Suppressed, name)
	require.Equal(t, want.shownIn, got.ShownIn, name)
	count := func(kpi string, want int, hidden bool, got *int) {
		t.Helper()
		if hidden {
			require.Nil(t, got, "%s: %s", name, kpi)
			return
		}
		require.NotNil(t, got, "%s: %s", name, kpi)
		require.Equal(t, want, *got, "%s: %s", name, kpi)
	}
	count("active_not_enabled", want.notEnabled, want.othersHidden, got.ActiveNotEnabled)
	for kpi, pair := range map[string]struct {
		want int
		got  *int
	}{
		"active_1": {want.active1, got.Active1}, "active_7": {want.active7, got.Active7}, "active_28": {want.active28, got.Active28}, "actions": {want.actions, got.Actions},
		"creators": {want.active28, got.Creators}, "responders": {0, got.Responders}, "consumers": {0, got.Consumers}, "inactive": {want.enabled - want.active28, got.Inactive},
	} {
		count(kpi, pair.want, want.hidden, pair.got)
	}
	count("new", want.fresh, want.weekHidden, got.New)
	count("returning", want.returning, want.weekHidden, got.Returning)
	count("resurrected", want.resurrected, want.weekHidden, got.Resurrected)
	count("dormant", want.dormant, want.weekHidden, got.Dormant)
	rate := func(kpi string, over, under float64, got *float64) {
		t.Helper()
		if want.hidden || under == 0 {
			require.Nil(t, got, "%s: %s", name, kpi)
			return
		}
		require.NotNil(t, got, "%s: %s", name, kpi)
		require.InDelta(t, over/under, *got, 1e-9, "%s: %s", name, kpi)
	}
	rate("adoption_rate", float64(want.active28), float64(want.enabled), got.AdoptionRate)
	rate("stickiness", float64(want.activeDays), 28*float64(want.active28), got.Stickiness)
	rate("engagement_score", want.score, float64(want.enabled), got.EngagementScore)
}
