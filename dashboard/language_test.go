package dashboard

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/feature/plural"

	"uptake/adoption"
	"uptake/query"
)

var placeholder = regexp.MustCompile(`\{[a-z_0-9]+\}`)

// Every language has every text, with the same values in it, and each form that its grammar asks for.
func TestEveryLanguageSaysEverything(t *testing.T) {
	all := must(loadLanguages())
	require.Equal(t, "en, de", all.String())
	base := all.of(english).words
	for _, one := range all.list {
		for key := range one.words.texts {
			assert.True(t, base.has(key), "%s says %s, English does not", one.Tag, key)
		}
		for key, said := range base.texts {
			theirs, there := one.words.texts[key]
			if !assert.True(t, there, "%s lacks %s", one.Tag, key) {
				continue
			}
			assert.Equal(t, valuesIn(said[otherForm]), valuesIn(theirs[otherForm]), "%s of %s", key, one.Tag)
			assert.Equal(t, len(said) > 1, len(theirs) > 1, "%s of %s counts as English does", key, one.Tag)
			for form, text := range theirs {
				for _, value := range valuesIn(text) {
					assert.Contains(t, valuesIn(said[otherForm]), value, "%s of %s, form %s", key, one.Tag, form)
				}
				assert.Contains(t, formsOf(one.words), form, "%s of %s has a form that the language has not", key, one.Tag)
			}
			if len(theirs) > 1 {
				assert.Len(t, theirs, len(formsOf(one.words)), "%s of %s lacks a form", key, one.Tag)
			}
		}
	}
}

func valuesIn(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// formsOf are the forms that the whole numbers of a language take.
func formsOf(m *messages) []string {
	var forms []string
	for n := range 200 {
		forms = append(forms, formNames[plural.Cardinal.MatchPlural(m.plural, n, 0, 0, 0, 0)])
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

func TestGermanNumbersAndDates(t *testing.T) {
	german := must(loadLanguages()).of("de")
	l := german.locale
	assert.Equal(t, "130.000", count(l, 130000))
	assert.Equal(t, "12,4"+nbsp+"Tsd.", l.compact(12_400))
	assert.Equal(t, "63,6"+nbsp+"%", l.percent(.6364, 1))
	assert.Equal(t, "±0,0", l.signed(-.04, 1))
	assert.Equal(t, "−1.234,5", l.decimal(-1234.5, 1))
	day := adoption.DayOf(storyNow, time.UTC) // 22 November 2026
	assert.Equal(t, "22."+nbsp+"Nov."+nbsp+"2026", l.date(day))
	assert.Equal(t, "22."+nbsp+"Nov.", l.shortDate(day))
	assert.Equal(t, "Nov."+nbsp+"2026", l.month(day, true))
	assert.Equal(t, "22."+nbsp+"Nov."+nbsp+"2026, 08:30", l.clock(time.Date(2026, 11, 22, 7, 30, 0, 0, time.UTC), time.FixedZone("CET", 3600)))
	assert.Equal(t, "ein Tag ohne Daten", german.words.text("trust.gap_days", "n", 1))
	assert.Equal(t, "1.001 Tage ohne Daten", german.words.text("trust.gap_days", "n", "1.001"), "no form for one because a digit is one")
}

// A text that a language lacks is said in English rather than not at all.
func TestWhatALanguageLacksIsSaidInEnglish(t *testing.T) {
	words := &messages{texts: map[string]message{}, lacking: must(loadLanguages()).of(english).words}
	assert.Equal(t, "Overview", words.text("overview.title"))
	assert.Equal(t, "[no.such]", words.text("no.such"))
}

func TestLanguageIsChosenByAddressThenCookieThenBrowserThenCompany(t *testing.T) {
	all := must(loadLanguages())
	for _, c := range []struct{ address, cookie, browser, company, want string }{
		{"/", "", "", "", "en"},
		{"/", "", "", "de", "de"},
		{"/", "", "de-AT,de;q=0.9,en;q=0.8", "", "de"},
		{"/", "", "fr-FR, de;q=0.5", "en", "de"},
		{"/", "", "fr-FR", "de", "de"},
		{"/", "", ";;;", "de", "de"},
		{"/", "en", "de", "de", "en"},
		{"/", "klingon", "de", "en", "de"},
		{"/?lang=de", "en", "en", "en", "de"},
		{"/?lang=klingon", "de", "en", "en", "de"},
	} {
		r := httptest.NewRequest(http.MethodGet, c.address, nil)
		r.Header.Set("Accept-Language", c.browser)
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: languageCookie, Value: c.cookie})
		}
		assert.Equal(t, c.want, all.chosen(r, c.company).Tag, "%+v", c)
	}
}

// A reader who speaks German: every page, its errors, and the sign-in; programs are answered in English all the same.
func TestPagesSpeakGerman(t *testing.T) {
	r := newRig(t, nil)
	visitor := r.visitor()
	resp, body := visitor.get("/sign-in?lang=de")
	says(t, body, "Anmelden")
	kept := resp.Cookies()[0]
	assert.Equal(t, languageCookie+"=de", kept.Name+"="+kept.Value)
	assert.True(t, kept.HttpOnly)
	v := r.signedIn()
	_, _ = v.get("/?lang=de") // from here on the cookie says it
	for path, want := range map[string][]string{
		"/":                      {`<html lang="de">`, "Die Nutzung stieg auf 69 % (+14 Punkte gegenüber den 28 Tagen davor): In den letzten 28 Tagen waren 215 von 310 Personen", "In Production nutzen 14 Personen Chat ohne verzeichneten Zugang.", "Chat ansehen", "Einheiten, größte Lücke zuerst", "69,4", "Daten bis 21. Nov. 2026", "weniger als 5 Personen", "25. Okt. 2026 bis 21. Nov. 2026", "Demofirma: ein Hersteller mit 300 Personen."},
		"/tools":                 {"5 Werkzeuge sind in Gebrauch; am meisten Chat, mit 182 aktiven Personen", "Nutzung nach Werkzeug"},
		"/collaboration":         {"des Austauschs gehen von einer Einheit zu einer anderen.", "Marketing und Sales tauschen das 1,6-Fache des Erwarteten aus: 1.240 Mal.", "−0,95"},
		"/units":                 {"Personen am 22. Nov. 2026."},
		"/figures/adoption_rate": {"Gezählt, nicht geschätzt.", "÷ Personen mit Zugang."},
		"/trust":                 {"Datenlage", "Ein abgeschlossener Tag ohne Ereignisse"},
		"/nowhere":               {"Diese Seite gibt es nicht."},
		"/?to=yesterday":         {"Diese Auswahl lässt sich nicht zeigen", "Das ist kein Datum. Geschrieben wird es wie 2026-09-30."},
		"/value?assumptions=new": {"Was die Adresse verlangt, lässt sich nicht lesen.", `lang="en"`},
	} {
		resp, body := v.get(path)
		assert.Equal(t, "de", resp.Header.Get("Content-Language"), path)
		assertStrict(t, path, resp, body)
		for _, text := range want {
			says(t, body, text, path)
		}
		for _, english := range []string{"Data until", " people ", "Sign out", "Show as a table", "on the 28 days before<"} {
			assert.False(t, strings.Contains(readable(body), english), "%s still says %q", path, english)
		}
	}
	_, body = v.get("/api/v1/adoption?unit=nowhere")
	assert.Contains(t, body, "There is no unit")
}

// What query says in English, a page says in English, too: one text, two who write numbers and days.
func TestPagesSayWhatTheAPISays(t *testing.T) {
	r := newRig(t, nil)
	d := r.english()
	same := func(text string, said query.Said) {
		assert.Equal(t, text, readable(d.say(said)))
		assert.NotRegexp(t, `[{}\[\]]`, text)
	}
	for _, q := range []query.UnitQuestion{{}, {Tool: "chat"}, {Unit: "production", Tool: "chat"}, {Unit: "sales", To: adoption.DayOf(storyNow, time.UTC)}, {Unit: "legal"}, {Unit: "unassigned"}, {To: mustDay("2026-09-20")}, {To: mustDay("2025-01-01")}} {
		page, err := r.company.Load().UnitPage(t.Context(), q)
		require.NoError(t, err)
		for _, s := range append(page.Cautions, page.Answer) {
			same(s.Text, s.Said)
		}
		for _, f := range page.Figures {
			same(f.Name, f.Said.Name)
			same(f.Formula, f.Said.Formula)
			same(f.Denominator, f.Said.Denominator)
			same(f.Worked, f.Said.Worked)
		}
		for _, a := range page.Attention {
			same(a.Sentence, a.Said.Sentence)
			same(a.Evidence.Words, a.Said.Words)
			same(a.Next, a.Said.Next)
		}
	}
}

func mustDay(text string) adoption.Day {
	day, err := adoption.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return day
}
