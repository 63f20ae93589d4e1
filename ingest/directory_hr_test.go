package ingest

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// hrSnapshot is who was in which unit in a month, by the export of an HR system.
func hrSnapshot(t *testing.T, file string) map[string]string {
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	units := map[string]string{}
	for _, row := range rows[1:] { // employee_name,user_id,email,role,projects,business_unit,functional_unit,department,team,supervisor
		unit := strings.TrimRight(strings.Join(row[5:9], "/"), "/")
		units[row[2]] = cmp.Or(unit, adoption.Company) // two at the top are in no unit
	}
	return units
}

// TestAnHRExportAsSnapshots sends monthly snapshots as a company would: everybody again each time, and the day of
// leaving for those who are gone.
func TestAnHRExportAsSnapshots(t *testing.T) {
	folder := os.Getenv("UPTAKE_TESTDATA")
	if folder == "" {
		t.Skip("UPTAKE_TESTDATA does not name the folder of real data, so the HR snapshots are not there to import")
	}
	r := newDirectoryRig(t)
	var before map[string]string
	for _, month := range []string{"2009-12", "2010-06", "2010-12", "2011-05"} {
		now := hrSnapshot(t, filepath.Join(folder, "hr-snapshots-synthetic", month+".csv"))
		first, err := adoption.ParseDay(month + "-01")
		require.NoError(t, err)
		lines := []string{"email;unit;effective_from;left_on"}
		for address, unit := range now {
			lines = append(lines, fmt.Sprintf("%s;%s;%s;", address, unit, first))
		}
		gone := 0
		for address, unit := range before {
			if _, stayed := now[address]; !stayed {
				lines = append(lines, fmt.Sprintf("%s;%s;%s;%s", address, unit, first, first-1))
				gone++
			}
		}
		result := r.load("people", lines...)
		assert.Equal(t, len(now)+gone, result.Changed)
		assert.Equal(t, []string{first.String() + "..2026-06-16"}, r.touched.take(), "stayers change nothing before, leavers everything since")
		assert.Equal(t, 0, r.load("people", lines...).Changed)
		assert.Empty(t, r.touched.take())

		want := map[string]int{}
		for _, unit := range now {
			want[unit]++
		}
		got := map[string]int{}
		for _, row := range r.dump(fmt.Sprintf(`unit, ' ', toString(count())]), '') FROM membership
			WHERE toDate('%s') + 14 BETWEEN first_day AND last_day GROUP BY unit`, first)) {
			cut := strings.LastIndexByte(row, ' ')
			n, err := strconv.Atoi(row[cut+1:])
			require.NoError(t, err)
			got[row[:cut]] = n
		}
		assert.Equal(t, want, got, month)
		before = now
	}
}

// BenchmarkTheSamePeopleAgain is the nightly import of 130,000 people of whom nothing has changed.
func BenchmarkTheSamePeopleAgain(b *testing.B) {
	const people = 130_000
	r := newDirectoryRig(b)
	var text strings.Builder
	text.WriteString("email,unit,effective_from,location,hired_on\n")
	for i := range people {
		fmt.Fprintf(&text, "p%06d@bank.example,unit-%03d,2025-%02d-01,City %d,2015-03-01\n", i, i%400, 1+i%12, i%40)
	}
	load := func() int {
		result, err := r.Import(b.Context(), "people", strings.NewReader(text.String()), true)
		require.NoError(b, err)
		return result.Changed
	}
	require.Equal(b, people, load())
	r.touched.take()
	for b.Loop() {
		require.Zero(b, load())
	}
	require.Empty(b, r.touched.take())
	b.ReportMetric(people*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
