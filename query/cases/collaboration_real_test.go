package cases_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// Real mails, their years pressed into weeks, so that a test needs seconds.

// realData opens a file of the shared data; the test is left out where that is not there.
func realData(t *testing.T, file string) *os.File {
	t.Helper()
	folder := os.Getenv("UPTAKE_TESTDATA")
	if folder == "" {
		if os.Getenv("CI") != "" {
			require.Fail(t, "UPTAKE_TESTDATA must name the shared data where CI is set")
		}
		t.Skip("left out: UPTAKE_TESTDATA does not name the shared data (the real mails may not be part of the repository)")
	}
	opened, err := os.Open(filepath.Join(folder, file))
	require.NoError(t, err)
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}

// columns are the fields of each line of a table.
func columns(t *testing.T, file string) (lines [][]string) {
	t.Helper()
	for text := bufio.NewScanner(realData(t, file)); text.Scan(); {
		lines = append(lines, strings.Split(text.Text(), "\t"))
	}
	return lines
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// realStart is the first of the days that the mails are pressed into; the clock says the day after the last.
var realStart = adoption.DayOf(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), time.UTC)

// enrol puts people into units for good, in the database and for the reference.
func (c *company) enrol(w *tieWorld, homes []string) {
	var people []string
	for p, unit := range homes {
		if unit != "" {
			people = append(people, fmt.Sprintf("p%d@example.org,%s,2025-01-01", p, unit))
		}
		w.homes = append(w.homes, func(adoption.Day) string { return unit })
	}
	c.people(people...)
}

// 332,334 mails of 986 people, 965 of them in 41 departments (email-eu-core: Paranjape, Benson & Leskovec, "Motifs in temporal
// networks", WSDM 2017), of which 58.8 % stay in a department, of those whose ends both have one. Seven departments are
// smaller than 5 people.
func TestCollaborationInRealMails(t *testing.T) {
	t.Parallel()
	homes := make([]string, 1200)
	w := &tieWorld{k: 5, parents: map[string]string{}, tools: []string{"mail"}}
	for _, line := range columns(t, "email-eu-core/temporal-node-departments.derived.tsv")[1:] {
		if line[2] != "" {
			homes[number(t, line[0])] = "department-" + line[2]
			w.parents["department-"+line[2]] = "company"
		}
	}
	require.Len(t, w.parents, 41)
	sums := map[tie]uint64{}
	text, err := gzip.NewReader(realData(t, "email-eu-core/email-Eu-core-temporal.txt.gz"))
	require.NoError(t, err)
	for lines := bufio.NewScanner(text); lines.Scan(); {
		var from, to, seconds int
		_, err := fmt.Sscan(lines.Text(), &from, &to, &seconds)
		require.NoError(t, err)
		sums[tie{day: realStart + adoption.Day(seconds/86_400/45), tool: "mail", from: from, to: to}]++
	}
	c := open(t, "UTC", (realStart + 18).String())
	c.enrol(w, homes)
	var events []adoption.Event
	var mails uint64
	for _, m := range slices.SortedFunc(maps.Keys(sums), func(a, b tie) int { return (a.from-b.from)*10_000_000 + (a.to-b.to)*1000 + int(a.day-b.day) }) {
		n := sums[m]
		mails += n
		events = append(events, c.message(m.day, m.tool, m.from, []int{m.to}, n))
		m.n = n
		w.ties = append(w.ties, m)
	}
	require.EqualValues(t, 332_334, mails)
	c.arrive(events, realStart, realStart+17)
	c.settle()

	c.query.MinGroup = 1 // as if nobody had to be protected
	all := c.collaborate("company", "mail", realStart, realStart+17)
	require.InDelta(t, 1-0.588, *all.CrossUnit, 0.0005)
	require.Len(t, all.Matrix.Units, 41)
	c.query.MinGroup = 5
	got := c.asReckoned(w, "company", "mail", realStart, realStart+17)
	hidden := 0
	for _, row := range got.Rows {
		if row.Suppressed {
			require.Less(t, row.Headcount, uint64(20), row.Unit)
			hidden++
		}
	}
	require.GreaterOrEqual(t, hidden, 7)
	require.NotEmpty(t, got.Bridges)
	for _, b := range got.Bridges {
		require.GreaterOrEqual(t, b.Ratio, 1.5)
		require.InDelta(t, float64(b.Interactions)/b.Expected, b.Ratio, 1e-9)
	}
	c.asReckoned(w, "company", "all", realStart+3, realStart+9)
	c.asReckoned(w, "department-4", "mail", realStart, realStart+17)
	c.asReckoned(w, "department-18", "mail", realStart+2, realStart+2)
}

// 21,635 messages among 156 people of Enron, with up to 57 recipients each; three departments with departments of their
// own, and these with juniors and seniors (Perry & Wolfe, "Point process modelling for directed interaction networks",
// JRSS-B 75(5), 2013).
func TestCollaborationInRealMessages(t *testing.T) {
	t.Parallel()
	homes := make([]string, 157)
	w := &tieWorld{k: 5, parents: map[string]string{}, tools: []string{"mail"}}
	id := func(words ...string) string {
		return strings.ToLower(strings.ReplaceAll(strings.Join(words, "-"), " ", "_"))
	}
	for _, line := range columns(t, "enron/employees.min.tsv") {
		department, long, level := id(line[1]), id(line[1], line[2]), id(line[1], line[2], line[4])
		w.parents[department], w.parents[long], w.parents[level] = "company", department, long
		homes[number(t, line[0])] = level
	}
	to := map[string][]int{}
	for _, line := range columns(t, "enron/recipients.tsv") {
		to[line[0]] = append(to[line[0]], number(t, line[2]))
	}
	c := open(t, "UTC", (realStart + 22).String())
	var units []string
	for unit, parent := range w.parents {
		units = append(units, unit+","+parent+","+unit)
	}
	c.units(units...)
	c.enrol(w, homes)
	var events []adoption.Event
	for _, line := range columns(t, "enron/messages.min.tsv") {
		day := realStart + adoption.Day((number(t, line[1])-910_000_000)/86_400/62)
		from := number(t, line[2])
		events = append(events, c.message(day, "mail", from, to[line[0]], 1))
		named := map[int]bool{}
		for _, other := range to[line[0]] {
			if !named[other] {
				w.ties = append(w.ties, tie{day, "mail", from, other, 1})
			}
			named[other] = true
		}
	}
	require.Len(t, events, 21_635)
	c.arrive(events, realStart, realStart+21)
	c.settle()
	c.query.MinGroup = 5
	last := realStart + 21
	for _, unit := range append([]string{"company"}, slices.Sorted(maps.Keys(w.parents))...) {
		if unit == "company" || strings.Count(unit, "-") < 2 {
			c.asReckoned(w, unit, "mail", realStart, last)
		}
	}
	c.asReckoned(w, "company", "all", realStart+8, realStart+12)
	c.asReckoned(w, "trading", "mail", realStart+8, realStart+12)
	require.NotEmpty(t, c.collaborate("company", "mail", realStart, last).Matrix.Units)
}
