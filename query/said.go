package query

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"uptake/adoption"
)

// Said is a sentence before it is words: which text says it, and what goes into that. So one rule speaks every language.
type Said struct {
	Key  string         // of a text, in which {name} stands where a value goes
	With map[string]any // by name: Whole, Tenth, Percent, Points, Names, adoption.Day, string or Said
}

// The values that go into a sentence, apart from days, names and sentences.
type (
	Whole   float64  // a whole number; the one called n chooses the form of the text
	Tenth   float64  // a number with one decimal
	Percent float64  // a share, 0..1, as whole per cent; with one decimal where those would say 0 or 100 untruly
	Points  float64  // a change of a share, with its sign: "+5 points", "no change"
	Names   []string // "chat, wiki and mail", at most three of them
)

// Speaker is a language: its texts, and how it writes numbers and days.
type Speaker interface {
	Text(key string, n float64) string // in the form for n; a text without forms is the same for all n
	Number(v float64, decimals int) string
	Day(d adoption.Day) string
}

// say makes a sentence of pairs of a name and a value.
func say(key string, pairs ...any) Said {
	s := Said{Key: key, With: make(map[string]any, len(pairs)/2)}
	for i := 0; i+1 < len(pairs); i += 2 {
		s.With[pairs[i].(string)] = pairs[i+1] //nolint:forcetypeassert // the name, at every call
	}
	return s
}

// In is the sentence in a language; "" where there is nothing to say.
func (s Said) In(l Speaker) string {
	if s.Key == "" {
		return ""
	}
	n, _ := s.With["n"].(Whole)
	values := make([]string, 0, 2*len(s.With))
	for name, value := range s.With {
		values = append(values, "{"+name+"}", valueIn(value, l))
	}
	return strings.NewReplacer(values...).Replace(l.Text(s.Key, float64(n)))
}

func valueIn(value any, l Speaker) string {
	switch v := value.(type) {
	case Whole:
		return l.Number(math.Round(float64(v)), 0)
	case Tenth:
		return l.Number(float64(v), 1)
	case Percent:
		return v.in(l)
	case Points:
		return v.in(l)
	case Names:
		return v.in(l)
	case adoption.Day:
		return l.Day(v)
	case Said:
		return v.In(l)
	default:
		return fmt.Sprint(v)
	}
}

func (p Percent) in(l Speaker) string {
	whole, decimals := math.Round(float64(p)*100), 0
	if (whole == 0 && p > 0) || (whole == 100 && p < 1) {
		decimals = 1
	}
	return strings.Replace(l.Text("say.percent", 0), "{n}", l.Number(float64(p)*100, decimals), 1)
}

func (p Points) in(l Speaker) string {
	switch n := Whole(math.Round(float64(p) * 100)); {
	case n == 0:
		return say("say.points.none").In(l)
	case n > 0:
		return say("say.points.up", "n", n).In(l)
	default:
		return say("say.points.down", "n", -n).In(l)
	}
}

func (names Names) in(l Speaker) string {
	const most = 3
	switch n := len(names); {
	case n > most:
		return say("say.names.more", "names", strings.Join(names[:most], ", "), "n", Whole(n-most)).In(l)
	case n < 2:
		return strings.Join(names, "")
	default:
		return say("say.names.and", "names", strings.Join(names[:n-1], ", "), "last", names[n-1]).In(l)
	}
}

// saidPeople, saidDays and saidSeats are numbers with their word.
func saidPeople(n uint64) Said { return say("say.people", "n", Whole(n)) }
func saidDays(n int) Said      { return say("say.days", "n", Whole(n)) }
func saidSeats(n uint64) Said  { return say("say.seats", "n", Whole(n)) }

//go:embed english.json
var englishTexts []byte

// EnglishTexts are the texts of all sentences in English, as JSON: by key a text, or an object of the forms one and other.
func EnglishTexts() []byte { return englishTexts }

// english is how the answers of the API speak.
type english map[string]struct{ one, other string }

var inEnglish = readEnglish()

func readEnglish() english {
	var file map[string]any
	if err := json.Unmarshal(englishTexts, &file); err != nil {
		panic("query: english.json: " + err.Error()) // it is part of the program
	}
	texts := english{}
	for key, value := range file {
		text := texts[key]
		switch v := value.(type) {
		case string:
			text.other = v
		case map[string]any:
			text.one, _ = v["one"].(string)
			text.other, _ = v["other"].(string)
		}
		texts[key] = text
	}
	return texts
}

// Text is the text of key for n.
func (e english) Text(key string, n float64) string {
	text, known := e[key]
	switch {
	case !known:
		return "[" + key + "]"
	case n == 1 && text.one != "":
		return text.one
	}
	return text.other
}

// Number writes a number with its thousands apart.
func (english) Number(v float64, decimals int) string {
	if decimals == 0 {
		return number(v)
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// Day writes a day as in "3 October 2026".
func (english) Day(d adoption.Day) string { return date(d) }

// inWords is a sentence of a rule, with its text in English.
func inWords(rule string, said Said) Sentence {
	return Sentence{Rule: rule, Text: said.In(inEnglish), Said: said}
}
