package dashboard

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"uptake/adoption"
)

// The packages of the models say in English why a figure is not known, how one was made, and where a start value comes from.
// Each such text stands in the catalogues under a key that begins with told., in English as it is said there: by it a page finds
// the same in its reader's language. What people have entered stands in no catalogue and stays as it is.
const toldPrefix = "told."

// toldPattern finds a text of one key, and the values in it.
type toldPattern struct {
	key    string
	names  []string
	text   *regexp.Regexp
	length int // of what it says by itself
}

var toldPlace = regexp.MustCompile(`\{[a-z_0-9]+\}`)

// toldPatterns are those of all keys. What says more by itself comes first.
var toldPatterns = sync.OnceValue(func() []toldPattern {
	b, err := loadBuilt()
	if err != nil {
		return nil // then there is no page to say it on, either
	}
	var all []toldPattern
	for key, said := range b.languages.of(english).words.texts {
		if !strings.HasPrefix(key, toldPrefix) || len(said) > 1 {
			continue
		}
		p, rest, text := toldPattern{key: key}, said[otherForm], "^"
		for _, at := range toldPlace.FindAllStringIndex(said[otherForm], -1) {
			p.names = append(p.names, said[otherForm][at[0]+1:at[1]-1])
		}
		for i, between := range toldPlace.Split(rest, -1) {
			if i > 0 {
				text += "(.+?)"
			}
			text += regexp.QuoteMeta(between)
			p.length += len(between)
		}
		p.text = regexp.MustCompile(text + "$")
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b toldPattern) int { return cmp.Or(b.length-a.length, strings.Compare(a.key, b.key)) })
	return all
})

// told is what a model says in English, in the reader's language; what is no text of ours stays as it is.
func (d *reader) told(text string) string {
	if d.language.Tag == english {
		return text
	}
	typeset := strings.ReplaceAll(text, "'", "’")
	for _, p := range toldPatterns() {
		found := p.text.FindStringSubmatch(typeset)
		if found == nil {
			continue
		}
		pairs := make([]any, 0, 2*len(p.names))
		for i, name := range p.names {
			pairs = append(pairs, name, d.toldValue(found[i+1]))
		}
		return d.words.text(p.key, pairs...)
	}
	return text
}

var (
	toldNumber = regexp.MustCompile(`^(−?)(\d{1,3}(?:,\d{3})*|\d+)(?:\.(\d+))?$`)
	toldCount  = regexp.MustCompile(`^(\d+) (unit|week)s?$`)
)

// toldValue is a value within such a text: a number, a day, a number of something, parts of a sum, or a text itself.
func (d *reader) toldValue(text string) string {
	if n := toldNumber.FindStringSubmatch(text); n != nil {
		v, err := strconv.ParseFloat(strings.ReplaceAll(n[2], ",", "")+"."+n[3]+"0", 64)
		if err != nil {
			return text
		}
		return n[1] + d.decimal(v, len(n[3]))
	}
	if hours, is := strings.CutSuffix(text, " h"); is && toldNumber.MatchString(hours) {
		return d.words.text("count.hours", "n", d.toldValue(hours))
	}
	if n := toldCount.FindStringSubmatch(text); n != nil {
		return d.words.text("count."+n[2], "n", n[1])
	}
	if day, err := adoption.ParseDay(text); err == nil {
		return d.date(day)
	}
	if parts := strings.Split(text, " + "); len(parts) > 1 {
		return strings.Join(each(parts, d.toldValue), " + ")
	}
	return d.told(text)
}
