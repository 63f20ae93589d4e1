package dashboard

import (
	"context"
	"fmt"
	"html"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/query"
)

// knownLonger lets the feed of chat begin before the year that the story tells, so that its first days can be compared with.
func knownLonger(t *testing.T, company *query.Company) {
	t.Helper()
	for _, statement := range []string{
		"INSERT INTO source_day (day, run, source, tool, events, last_time, last_received) VALUES ('2025-09-01', 1, 'chat-feed', 'chat', 400, '2025-09-01', '2025-09-01')",
		"INSERT INTO refreshed (about, day, run) VALUES ('source_day', '2025-09-01', 1)",
	} {
		require.NoError(t, company.DB.Exec(context.Background(), statement))
	}
}

// chatShare is the company's adoption of chat some days before the end of the story, by its own formula.
func chatShare(ago float64) float64 {
	active, enabled := 0., 0.
	for _, u := range storyUnits {
		with := math.Round(u.people * hasAccess(u, storyTools[0]))
		enabled += with
		active += math.Round(with * u.rate(ago) * storyTools[0].share)
	}
	return active / enabled
}

// One company, and one browser, for all that is chosen in an address.
func TestTheChoiceLivesInTheAddress(t *testing.T) {
	r := newRig(t, nil)
	knownLonger(t, r.company.Load())
	v := r.signedIn()
	t.Run("what is compared with", func(t *testing.T) { comparesWithAYearAgo(t, v) })
	t.Run("the period", func(t *testing.T) { coversThePeriod(t, v) })
	t.Run("links", func(t *testing.T) { carriesTheChoice(t, v) })
	t.Run("what cannot be read", func(t *testing.T) { refusesCalmly(t, v) })
	t.Run("in a browser", func(t *testing.T) { sharesALink(t, r) })
}

func comparesWithAYearAgo(t *testing.T, v *visitor) {
	// Yesterday is 21 November 2026, 52 weeks before it 22 November 2025: 1 and 365 days before the story's end.
	now, then := chatShare(1), chatShare(365)
	_, body := v.get("/?tool=chat&compare=year")
	says(t, body, fmt.Sprintf("%.0f %% (+%.0f points against the same four weeks a year before)", now*100, (now-then)*100))
	says(t, body, "25 Oct 2026 to 21 Nov 2026, beside the same four weeks a year before (26 Oct 2025 to 22 Nov 2025).")
	says(t, body, fmt.Sprintf("+%.1f points · better", (now-then)*100))
	says(t, body, `<span class="basis">against the same four weeks a year before</span>`)
	says(t, body, "Light grey: the same four weeks a year before.")
	says(t, body, `<option value="year" selected>the same four weeks a year before</option>`)
	assert.NotContains(t, body, "28 days before</span>")

	// Of the four tools with a feed from the story's first day on, chat alone is known for the whole of those four weeks.
	_, body = v.get("/units/production?compare=year")
	says(t, body, "The two periods were not fed by the same data.")
	says(t, body, "and 1 more is not there for all of the four weeks a year before, so a part of the change is new data.")
	_, body = v.get("/units/production?tool=mail&compare=year")
	says(t, body, "There are no figures of a year ago to compare with.")
	says(t, body, `<span class="basis">no figures of a year ago</span>`)
	says(t, body, "No figures of a year ago to show.")

	_, body = v.get("/?tool=chat")
	says(t, body, "on the 28 days before")
	says(t, body, `<option value="before" selected>the 28 days before</option>`)
	_, german := v.get("/?tool=chat&compare=year&lang=de")
	says(t, german, "gegenüber denselben vier Wochen ein Jahr zuvor")
	_, _ = v.get("/?lang=en") // a language that was asked for is kept

	resp, pack := v.get("/reports/board-pack.pdf?tool=chat&compare=year")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	first := strings.Join(strings.Fields(strings.Join(pagesOf(t, pack)[:2], " ")), " ")
	assert.Contains(t, first, "beside the same four weeks a year before (26 Oct 2025 to 22 Nov 2025)")
}

func coversThePeriod(t *testing.T, v *visitor) {
	_, body := v.get("/?from=2026-07-01&to=2026-09-30")
	says(t, body, "3 Sep 2026 to 30 Sep 2026, beside the 28 days before. What it was worth and the course by week: 1 Jul 2026 to 30 Sep 2026.")
	says(t, body, "Company in 92 days:", "31 + 31 + 30")
	says(t, body, "Adoption rate by week, 1 Jul 2026 to 27 Sep 2026", "30 September is a Wednesday, and the last Sunday before it the 27th")
	says(t, body, ">Last quarter</summary>")
	_, course, _ := strings.Cut(body, `<table class="plain" id="course">`)
	course, _, _ = strings.Cut(course, "</table>")
	assert.Equal(t, 13, strings.Count(course, `<th scope="row">`), "Sundays from 5 July to 27 September")

	_, body = v.get("/units/sales?from=2026-10-25&to=2026-11-21")
	says(t, body, "Adoption rate over a year", "28 days are a point of a course, and none themselves")
	assert.NotContains(t, body, "the course by week:")
	says(t, body, ">Last 28 days</summary>")
	_, body = v.get("/collaboration?from=2025-11-22&to=2026-11-21")
	says(t, body, "22 Nov 2025 to 21 Nov 2026.")
	says(t, body, ">Last 12 months</summary>")
	_, body = v.get("/value?from=2026-10-05&to=2026-10-18")
	says(t, body, "Company in 14 days:")
	says(t, body, ">5 Oct 2026 to 18 Oct 2026</summary>")
	_, body = v.get("/value?from=2026-10-05&to=2027-10-18")
	says(t, body, "From 5 Oct 2026 to 22 Nov 2026.", "what has not come yet is no part of it")
	_, body = v.get("/tools?unit=production&to=2026-09-30")
	says(t, body, "Tools · Production")
	_, body = v.get("/tools/chat?unit=sales")
	says(t, body, "Adoption of Chat in Sales")
}

var address = regexp.MustCompile(`<a [^>]*href="(/[^"]*)"`)

// linksOf are the addresses of a page, those of other periods left out.
func linksOf(t *testing.T, body string) (links []*url.URL) {
	t.Helper()
	before, rest, _ := strings.Cut(body, `<div class="panel">`)
	_, after, _ := strings.Cut(rest, "</div>")
	for _, match := range address.FindAllStringSubmatch(before+after, -1) {
		one, err := url.Parse(html.UnescapeString(match[1]))
		require.NoError(t, err)
		links = append(links, one)
	}
	return links
}

func carriesTheChoice(t *testing.T, v *visitor) {
	const chosen = "from=2026-07-01&to=2026-09-30&compare=year"
	for _, path := range []string{"/?tool=chat", "/units/production?tool=chat", "/units?tool=chat", "/figures/active_28?unit=sales&tool=chat", "/collaboration?unit=production&tool=chat", "/value?unit=sales&tool=chat",
		"/value/figures/net_capacity?unit=sales&tool=chat", "/value/actions?unit=sales&tool=chat", "/value/assumptions?tool=chat", "/value/renewals?tool=chat", "/tools?unit=production", "/tools/chat?unit=production",
		"/trust?tool=chat&unit=sales", "/pilots?tool=chat", "/campaigns?tool=chat", "/targets?tool=chat", "/stages?tool=chat", "/account?tool=chat"} {
		resp, body := v.get(path + "&" + chosen)
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		asked, err := url.Parse(path)
		require.NoError(t, err)
		links := linksOf(t, body)
		require.Greater(t, len(links), 9, path)
		for _, to := range links {
			if strings.HasPrefix(to.Path, "/api/") || to.Path == "/reports/campaigns.pdf" || asked.Path == "/value/actions" && to.Query().Get("from") == to.Query().Get("to") {
				continue // what has no period, and a day of the table of days
			}
			got := to.Query()
			assert.Equal(t, []string{"2026-07-01", "2026-09-30", "year"}, []string{got.Get("from"), got.Get("to"), got.Get("compare")}, "%s leads to %s", path, to)
			if asked.Query().Has("tool") && !strings.HasPrefix(to.Path, "/tools/") {
				assert.NotEmpty(t, got.Get("tool"), "%s leads to %s", path, to)
			}
		}
	}

	rail := func(path string) (links []string) {
		_, body := v.get(path)
		_, body, _ = strings.Cut(body, `<header class="rail">`)
		body, _, _ = strings.Cut(body, `<li class="rest">`)
		for _, to := range linksOf(t, body)[1:] {
			links = append(links, to.String())
		}
		return links
	}
	// The unit goes along, but not to the pages of the whole company.
	assert.Equal(t, []string{"/?compare=year&tool=chat", "/units?compare=year&tool=chat", "/tools?compare=year&tool=chat&unit=sales", "/collaboration?compare=year&tool=chat&unit=sales"}, rail("/units/sales?tool=chat&compare=year")[:4])
	assert.Equal(t, rail("/units/sales?tool=chat&compare=year"), rail("/trust?unit=sales&tool=chat&compare=year"), "as it was, after a page that has no choice")
	assert.Equal(t, []string{"/?tool=chat", "/units?tool=chat"}, rail("/tools/chat")[:2])
	assert.Equal(t, []string{"/", "/units", "/tools"}, rail("/?compare=before&tool=all")[:3], "what is so anyway is not written")
}

func refusesCalmly(t *testing.T, v *visitor) {
	for path, want := range map[string][2]string{
		"/?tool=chat&compare=year&from=yesterday":                {"from", "This is no date. Write it as in 2026-09-30."},
		"/units/sales?to=2026-02-30&compare=year&tool=chat":      {"to", "This is no date."},
		"/collaboration?from=2026-10-02&to=2026-10-01&tool=chat": {"from", "The first day lies after the last one."},
		"/value?from=2023-11-19&to=2026-11-21&tool=chat":         {"from", "That is more than three years."}, // 43 days of 2023, 366 + 365, and 325 of 2026: 1,099
		"/tools?from=2027-01-01":                                 {"from", "The first day lies after the last one."},
		"/figures/adoption_rate?compare=decade&tool=chat":        {"compare", "There is no such comparison."},
		"/value/figures/npv?to=soon&tool=chat&assumptions=0":     {"to", "This is no date."},
		"/value/actions?from=2026-11-22&to=2026-11-20&tool=chat": {"from", "The first day lies after the last one."},
	} {
		resp, body := v.get(path)
		assert.Equal(t, http.StatusBadRequest, resp.StatusCode, path)
		says(t, body, `id="filter-problem" role="alert">`+want[1], path)
		assert.Regexp(t, `name="`+want[0]+`"[^>]* aria-invalid="true"`, body, path)
		assert.Equal(t, 1, strings.Count(body, "aria-invalid"), path)
		if strings.Contains(path, "tool=chat") {
			says(t, body, `name="tool" value="chat"`, path)
		}
		assertStrict(t, path, resp, body)
	}
	_, body := v.get("/?to=gestern&lang=de")
	says(t, body, "Das ist kein Datum.")
	_, _ = v.get("/?lang=en")
	resp, body := v.get("/?from=yesterday", "Accept", "application/json")
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	says(t, body, `"field":"from"`)
}

// What an address leaves open is settled, and what can be had by one click follows the calendar.
func TestPeriods(t *testing.T) {
	year := time.Month(0)
	spans := func(today string) (spans []string) {
		for _, p := range periodsOn(mustDay(today), &query.Company{Year: year})[1:] {
			spans = append(spans, p.key+" "+p.from.String()+" "+p.to.String())
		}
		return spans
	}
	assert.Equal(t, []string{"quarter 2026-10-01 2026-11-21", "last_quarter 2026-07-01 2026-09-30", "year 2026-01-01 2026-11-21", "12_months 2025-11-22 2026-11-21"}, spans("2026-11-22"))
	assert.Equal(t, []string{"quarter 2026-01-01 2026-01-01", "last_quarter 2025-10-01 2025-12-31", "year 2026-01-01 2026-01-01", "12_months 2025-01-01 2025-12-31"}, spans("2026-01-01"), "a period that begins today")
	assert.Equal(t, []string{"quarter 2028-01-01 2028-02-29", "last_quarter 2027-10-01 2027-12-31", "year 2028-01-01 2028-02-29", "12_months 2027-03-01 2028-02-29"}, spans("2028-03-01"), "a leap day")
	year = time.February
	assert.Equal(t, []string{"quarter 2026-11-01 2026-11-21", "last_quarter 2026-08-01 2026-10-31", "year 2026-02-01 2026-11-21", "12_months 2025-11-22 2026-11-21"}, spans("2026-11-22"), "a fiscal year from February on")

	today := mustDay("2026-11-22")
	for given, want := range map[[2]string][2]string{
		{"2026-10-01", ""}: {"2026-10-01", "2026-11-21"}, {"2026-11-22", ""}: {"2026-11-22", "2026-11-22"}, {"2026-10-01", "2027-01-01"}: {"2026-10-01", "2026-11-22"},
	} {
		f := filter{From: mustDay(given[0])}
		if given[1] != "" {
			f.To = mustDay(given[1])
		}
		f.settle(today)
		assert.Equal(t, want, [2]string{f.From.String(), f.To.String()}, given)
	}
	from, to := filter{To: mustDay("2026-09-30")}.days(today - 1)
	assert.Equal(t, "2026-09-03 2026-09-30", from.String()+" "+to.String(), "the 28 days that end with it")
}

// sharesALink chooses a period and a comparison with a browser, follows a link, and opens what the address line says in the
// session of somebody else, who leads Production: the same choice, within that reader's rights.
func sharesALink(t *testing.T, r *rig) {
	w := openWindow(t, r.server.URL)
	w.resize(desk, false)
	w.open("/?tool=chat")
	w.signIn(testPassword)
	w.run(chromedp.Click(chromedp.CSS("details.menu summary")))
	_, err := chromedp.RunResponse(w.ctx, chromedp.Click(chromedp.CSS(".panel li:nth-child(3) a")))
	require.NoError(t, err)
	_, err = chromedp.RunResponse(w.ctx, chromedp.Evaluate[chromedp.Void](`(() => { const s = document.querySelector('select[name=compare]'); s.value = 'year'; s.dispatchEvent(new Event('change', {bubbles: true})); })()`))
	require.NoError(t, err)
	assert.Contains(t, w.text(".answer .meta"), "the same four weeks a year before (4 Sep 2025 to 1 Oct 2025)")
	assert.Equal(t, "Last quarter", w.text("details.menu summary"))
	w.follow(".ranking tbody a")
	assert.Contains(t, w.text("h1"), "Chat in Production")
	line := ask(w, chromedp.Location())
	for _, part := range []string{"/units/production?", "compare=year", "from=2026-07-01", "to=2026-09-30", "tool=chat"} {
		assert.Contains(t, line, part)
	}
	same := func(what string) {
		assert.Contains(t, w.text("h1"), "Chat in Production", what)
		assert.Equal(t, "Last quarter", w.text("details.menu summary"), what)
		assert.Equal(t, "year", ask(w, chromedp.Evaluate[string](`document.querySelector('select[name=compare]').value`)), what)
		assert.Equal(t, "chat", ask(w, chromedp.Evaluate[string](`document.querySelector('select[name=tool]').value`)), what)
		assert.Contains(t, w.text(".answer .meta"), "the course by week: 1 Jul 2026 to 30 Sep 2026", what)
	}
	same("who sends it")

	lead := openWindow(t, r.server.URL)
	lead.resize(phone, false)
	w, path := lead, strings.TrimPrefix(line, r.server.URL)
	w.open(path)
	w.signInAs("lead", testPassword)
	same("who receives it, after signing in")
	w.fits("the shared page on a phone")
	w.open("/?" + strings.SplitN(path, "?", 2)[1])
	same("the company's page, for who may read the own unit alone")
	status, _ := w.fetch("/units/sales?" + strings.SplitN(path, "?", 2)[1])
	assert.Equal(t, http.StatusForbidden, status, "a link opens nothing that its reader may not see")

	// Days of one's own, that make no sense at first: the page says so at the field, and takes the corrected ones.
	w.run(chromedp.Click(chromedp.CSS("details.menu summary")), chromedp.SetValue(chromedp.CSS("input[name=from]"), "2026-10-31"))
	w.follow(".panel .button")
	assert.Contains(t, w.text("#filter-problem"), "The first day lies after the last one.")
	w.fits("a choice that cannot be read, on a phone")
	w.run(chromedp.SetValue(chromedp.CSS("input[name=from]"), "2026-08-31"))
	w.follow(".panel .button")
	assert.Equal(t, "31 Aug 2026 to 30 Sep 2026", w.text("details.menu summary"))
	assert.Contains(t, w.text("h1"), "Chat in Production")
}
