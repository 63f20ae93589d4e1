package report

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/dashboard/chart"
	"uptake/dashboard/picture"
)

func example(t *testing.T) *Report {
	drawn, err := picture.Read(chart.Trend{Meta: chart.Meta{ID: "t", Title: "Adoption"}, Limit: 1, Width: 1120, Height: 280,
		Axis: func(float64) string { return "x %" }, Points: []chart.Point{{Text: "20 %", Value: .2}, {Text: "64 %", Value: .64}}}.SVG())
	require.NoError(t, err)
	rows := make([][]string, 80)
	for i := range rows {
		rows[i] = []string{"Unit with a rather long name that needs two lines in its column", "1,234"}
	}
	return &Report{Language: "de", Title: "Überblick für den Vorstand", About: []string{"26. Oktober bis 22. November 2026"}, Foot: "Uptake", Page: "Seite {n} von {all}",
		Made:    time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC),
		Summary: []Block{Sentence("Die Nutzung stieg auf 64 %."), Figures{{"Nutzung", "64 %", "+5 Punkte", "von 300 Personen"}, {"Wert", "1,2 Mio. €", "", "P10 0,7 · P90 1,8"}}},
		Sections: []Section{{"Nutzung", []Block{Text("Ein Absatz."), Chart{drawn}, List{"Erstens", "Zweitens"}, Note("Klein")}},
			{"Einheiten", []Block{Table{Head: []string{"Einheit", "Personen"}, Rows: rows, Share: []float64{.3, .7}, Right: []bool{false, true}}}}}}
}

// A reader of PDFs finds the words, in their order, on pages that are numbered; the head of a table is on each of its pages.
func TestAReportIsReadByAnotherProgram(t *testing.T) {
	for _, letter := range []bool{false, true} {
		r := example(t)
		r.Letter = letter
		var out, again bytes.Buffer
		require.NoError(t, r.Write(&out))
		require.NoError(t, r.Write(&again))
		assert.Equal(t, out.Bytes(), again.Bytes(), "the same figures make the same file")
		file := filepath.Join(t.TempDir(), "report.pdf")
		require.NoError(t, os.WriteFile(file, out.Bytes(), 0o600))
		text, err := exec.Command("pdftotext", "-layout", file, "-").CombinedOutput()
		require.NoError(t, err, "%s", text)
		pages := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
		require.Greater(t, len(pages), 3)
		assert.Contains(t, pages[0], "Überblick für den Vorstand")
		assert.Contains(t, pages[0], "Die Nutzung stieg auf 64 %.")
		assert.Contains(t, pages[0], "1,2 Mio. €")
		assert.Contains(t, pages[1], "64 %", "the chart's label is text")
		for i, page := range pages {
			assert.Contains(t, page, "Seite "+numbered("{n}", i+1)+" von "+numbered("{n}", len(pages)))
			if i >= 2 {
				assert.Contains(t, page, "Personen")
			}
		}
		assert.Equal(t, 80, strings.Count(string(text), "1,234"), "each row once")
	}
}
