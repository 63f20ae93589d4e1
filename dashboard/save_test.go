package dashboard

import (
	"image/png"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"uptake/query"
)

// What is saved is what is shown: the pyramid of the story's company (story_test.go) by hand, as CSV, workbook and picture,
// and in German with the same numbers.
func TestAPageIsSavedInParts(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn()
	_, page := v.get("/")
	assert.Contains(t, page, `href="?save=pyramid.csv"`)
	assert.NotContains(t, page, "\x00")

	resp, csv := v.get("/?save=tools.csv")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	assert.Equal(t, `attachment; filename=uptake-tools.csv`, resp.Header.Get("Content-Disposition"))
	lines := strings.Split(strings.TrimSpace(csv), "\n")
	assert.Equal(t, "Tool,Adoption rate,Active,Active without access,Actions in 28 days", lines[0])
	_, german := v.get("/?save=tools.csv&lang=de")
	for i, line := range strings.Split(strings.TrimSpace(german), "\n")[1:] {
		_, numbers, _ := strings.Cut(lines[i+1], ",")
		_, same, _ := strings.Cut(line, ",")
		assert.Equal(t, numbers, same, "numbers have one form in CSV, whatever the language")
	}
	v.get("/?lang=en")

	resp, book := v.get("/?save=pyramid.xlsx")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	opened, err := excelize.OpenReader(strings.NewReader(book))
	require.NoError(t, err)
	defer opened.Close()
	rows, err := opened.GetRows("Uptake")
	require.NoError(t, err)
	require.Len(t, rows, 8) // title, time, a line between, head, four parts
	assert.Equal(t, "Create", rows[4][0])

	resp, picture := v.get("/?save=y.png")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	drawn, err := png.Decode(strings.NewReader(picture))
	require.NoError(t, err)
	assert.Equal(t, 2*(1120+32), drawn.Bounds().Dx())

	for address, want := range map[string]int{"/?save=nothing.csv": 404, "/?save=y.gif": 400, "/?save=y.xlsx": 404, "/?save=tools.png": 404} {
		resp, _ := v.get(address)
		assert.Equal(t, want, resp.StatusCode, address)
	}
}

// Who has an answer already is told so, for as long as nothing in it changes.
func TestAnUnchangedAnswerIsNotSentAgain(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn()
	for _, path := range []string{"/", "/units/production?tool=chat", "/api/v1/adoption?to=2026-11-21"} {
		resp, body := v.get(path)
		mark := resp.Header.Get("ETag")
		require.NotEmpty(t, mark, path)
		require.NotEmpty(t, body)
		again, rest := v.get(path, "If-None-Match", `"other", `+mark)
		assert.Equal(t, http.StatusNotModified, again.StatusCode, path)
		assert.Empty(t, rest, path)
		other, _ := v.get(path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "tool=mail")
		assert.NotEqual(t, mark, other.Header.Get("ETag"), path)
	}
}

// The board pack has its pages in their order, with the same sentence and figures as the overview, in each language.
func TestTheBoardPackIsRead(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn()
	for language, sections := range map[string][]string{
		"en": {"Adoption rose to 69", "Adoption", "Units", "Engagement", "Value", "Pilots", "Risks and data", "Method"},
		"de": {"Ganze Firma", "Nutzung", "Einheiten", "Beteiligung", "Wert", "Piloten", "Risiken und Datenlage", "Methode"},
	} {
		resp, pdf := v.get("/reports/board-pack.pdf?lang=" + language)
		require.Equal(t, http.StatusOK, resp.StatusCode)
		assert.Equal(t, "application/pdf", resp.Header.Get("Content-Type"))
		pages := pagesOf(t, pdf)
		require.GreaterOrEqual(t, len(pages), 6)
		require.LessOrEqual(t, len(pages), 12)
		at := 0
		for _, title := range sections {
			for at < len(pages) && !strings.Contains(pages[at], title) {
				at++
			}
			require.Less(t, at, len(pages), "%s: %q is missing or too late", language, title)
		}
		text := strings.Join(pages, "\n")
		assert.NotRegexp(t, `\[[a-z_]+\.[a-z_.]+\]|\{[a-z_]+\}|NaN|%!`, text)
		if language == "de" {
			readsGerman(t, pages)
			_, pdf = v.get("/reports/board-pack.pdf?lang=de&tool=chat&unit=legal") // a small unit, of which little is shown
			readsGerman(t, pagesOf(t, pdf))
			_, pdf = v.get("/reports/board-pack.pdf?lang=de&tool=chat")
			readsGerman(t, pagesOf(t, pdf))
		}
	}
	for address, want := range map[string]int{"?unit=nowhere": 404, "?from=2026-12-01&to=2026-11-01": 400, "?paper=a5": 400, "?period=decade": 400, "?period=year&from=2026-01-01": 400, "?unit=legal": 200, "?unit=sales&paper=letter": 200} {
		resp, _ := v.get("/reports/board-pack.pdf" + address)
		assert.Equal(t, want, resp.StatusCode, address)
	}
}

// A pack is of the fiscal year up to its last day, or of its quarter, where that is asked for; the year of this company begins in
// September.
func TestAPackIsOfTheFiscalYear(t *testing.T) {
	company := &query.Company{Year: time.September, Now: func() time.Time { return storyNow }}
	for asked, want := range map[string]string{"period=year": "2026-09-01", "period=quarter&to=2026-08-31": "2026-06-01", "": "2025-11-22"} {
		values, err := url.ParseQuery(asked)
		require.NoError(t, err)
		q, err := readPack(values, company)
		require.NoError(t, err)
		assert.Equal(t, want, q.from.String(), asked)
	}
}

// pagesOf is the text of each page of a PDF, as another program reads it.
func pagesOf(t *testing.T, pdf string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pack.pdf")
	require.NoError(t, os.WriteFile(file, []byte(pdf), 0o600))
	text, err := exec.Command("pdftotext", "-layout", file, "-").CombinedOutput()
	require.NoError(t, err, "%s", text)
	return strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}
