package dashboard

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
)

// What the models say in English is found in the catalogue and said in German, with German numbers, days and counts; what somebody
// has entered stays as it is.
func TestWhatModelsSayIsSaidInGerman(t *testing.T) {
	r := emptyRig(t, nil)
	german := r.d.speaking(r.d.languages.of("de"))
	for text, want := range map[string]string{
		"the group is hidden on 2026-11-21, because a small group could be told from it":                                                                                          "die Gruppe ist am 21." + nbsp + "Nov." + nbsp + "2026 verborgen, weil sich sonst eine kleine Gruppe herauslesen ließe",
		"2 units took part and 1 unit can be compared with them; each side needs 3 at least, because people of a unit influence each other and a unit counts as one observation.": "Teilgenommen: 2 Einheiten, vergleichbar: eine Einheit. Jede Seite braucht mindestens 3, weil Menschen einer Einheit einander beeinflussen und eine Einheit als eine Beobachtung zählt.",
		"(400 contribute × 6 min + 3,900 consume × 0.5 min) ÷ 60 = 1,072.5 h":                                                                                                     "(400 × Beitrag zu 6 Min. + 3.900 × Lesen zu 0,5 Min.) ÷ 60 = 1.072,5 Std.",
		"(10 meet × 5 min) ÷ 60 = 0.83 h; 333.33 contribute lie over the ceiling of 100 min an active person and week, and are not counted":                                       "(10 × Treffen zu 5 Min.) ÷ 60 = 0,83 Std.; 333,33 Beiträge liegen über der Obergrenze von 100 Min. je aktiver Person und Woche und zählen nicht",
		"cash in 115.07 − cash out 920.55 = −805.48":                                                                                                                              "Geld herein 115,07 − Geld hinaus 920,55 = −805,48",
		"the sum over chat, wiki = 1,372.86 h":                                                                                                                                    "die Summe über chat, wiki = 1.372,86 Std.",
		"−2,880 paid at once + present value of benefits 1,200 − of later costs 14,400 = −16,080; 12 months at 0 % a year, the last 28 days × 365 ÷ 28 ÷ 12 a month, benefits × (1 − 0.2), costs × (1 + 0.2)": "−2.880 sofort bezahlt + Barwert der Vorteile 1.200 − der späteren Kosten 14.400 = −16.080; 12 Monate zu 0 % im Jahr, je Monat die letzten 28 Tage × 365 ÷ 28 ÷ 12, Vorteile × (1 − 0,2), Kosten × (1 + 0,2)",
		"time sheets of IT":    "time sheets of IT",
		"our own count, 3.5 h": "our own count, 3.5 h",
	} {
		assert.Equal(t, want, german.told(text))
		assert.Equal(t, text, r.english().told(text))
	}
	for _, input := range startSources() {
		assert.NotEqual(t, input, german.told(input), "a source of a start value has no German")
	}
	for _, class := range adoption.Classes() {
		text := "1 " + string(class) + " × 2 min"
		assert.NotEqual(t, text, german.told(text))
	}
}

// startSources are where the start values of a company and of each category of tools come from.
func startSources() (all []string) {
	doc := assumptions.Start("EUR", 20_000)
	for _, in := range []assumptions.Input{doc.Rates[adoption.Company], doc.WorkingWeeks, doc.Recapture, doc.DiscountRate, doc.RiskBenefits, doc.RiskCosts} {
		all = append(all, in.Source)
	}
	for _, category := range assumptions.Categories() {
		tool, ok := assumptions.StartTool(category, 20_000)
		if !ok {
			continue
		}
		all = append(all, tool.Attribution.Source)
		for _, in := range tool.Minutes {
			all = append(all, in.Source)
		}
		if tool.Ceiling != nil {
			all = append(all, tool.Ceiling.Source)
		}
	}
	return all
}

// ourEnglish are words of which every English sentence of ours has one, and no German one. What the story's people have entered in
// English has none of them.
const ourEnglish = `(?i)\b(the|of|and|is|are|were|with|which|not|from|by|no|at|each|because|hours|minutes|months|share|money|published|assumptions?)\b`

// No sentence of ours is English in a German pack. What people entered is left out: names, and a source.
func readsGerman(t *testing.T, pages []string) {
	t.Helper()
	require.NotEmpty(t, pages)
	for i, page := range pages {
		page = strings.NewReplacer("People and culture", "", "Launch of chat", "", "Chat in autumn", "", "the test", "", "no budget", "", "the offer", "").Replace(page)
		assert.NotRegexp(t, ourEnglish, page, "page %d", i+1)
	}
}
