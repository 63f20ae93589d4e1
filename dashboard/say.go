package dashboard

import (
	"strings"

	"uptake/adoption"
	"uptake/query"
)

// speaker says the sentences that package query makes in a reader's language.
type speaker struct{ *reader }

// say is a sentence of query in the reader's language.
func (d *reader) say(said query.Said) string { return said.In(speaker{d}) }

// sayAll are the texts of sentences.
func (d *reader) sayAll(sentences []query.Sentence) []sentenceView {
	out := make([]sentenceView, len(sentences))
	for i, s := range sentences {
		out[i] = sentenceView{Rule: s.Rule, Text: d.say(s.Said)}
	}
	return out
}

// heldTogether are the spaces between a number and its word, at which no line breaks.
var heldTogether = strings.NewReplacer("{n} ", "{n}"+nbsp, "{rate} %", "{rate}"+nbsp+"%")

// Text is the text of key in the form for n.
func (s speaker) Text(key string, n float64) string {
	return heldTogether.Replace(s.words.form(key, n))
}

// Number writes a number as the reader does.
func (s speaker) Number(v float64, decimals int) string { return s.decimal(v, decimals) }

// Day writes a day within a sentence.
func (s speaker) Day(d adoption.Day) string { return s.longDate(d) }
