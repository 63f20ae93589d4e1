package dashboard

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	textlanguage "golang.org/x/text/language"

	"uptake/query"
)

// english is the language of the API, of /metrics, and of every text that another language lacks.
const english = "en"

const (
	languageCookie = "uptake_language"
	languageKept   = 365 * 24 * 3600 // seconds
	readerKey      = "reader"
)

// language is all that one file of web/messages holds: the words, how numbers and dates are written, and the pages
// in them.
type language struct {
	Tag    string // BCP 47, the name of the file
	Name   string // in the language itself
	words  *messages
	locale *locale
	pages  *pages
}

// languages are those that Uptake speaks, English first, then by tag.
type languages struct {
	list    []*language
	matcher textlanguage.Matcher
}

// reader is the dashboard for who asked for one page: the same one, in their language, with their numbers and dates.
// Whatever makes words for a page hangs on it.
type reader struct {
	*Dashboard
	*locale
	language *language
	words    *messages
	chosen   filter // that the page is asked for under
	steps    *steps // of a report that somebody waits for; else nil
}

// loadLanguages reads every file of web/messages. A new language is a new file there.
func loadLanguages() (*languages, error) {
	files, err := fs.Glob(web, "web/messages/*.json")
	if err != nil {
		return nil, fmt.Errorf("list the messages: %w", err)
	}
	all := &languages{}
	for _, file := range files {
		one, err := loadLanguage(strings.TrimSuffix(path.Base(file), ".json"))
		if err != nil {
			return nil, err
		}
		all.list = append(all.list, one)
	}
	slices.SortFunc(all.list, func(x, y *language) int {
		if (x.Tag == english) != (y.Tag == english) {
			return map[bool]int{true: -1, false: 1}[x.Tag == english]
		}
		return strings.Compare(x.Tag, y.Tag)
	})
	tags := make([]textlanguage.Tag, len(all.list))
	for i, one := range all.list {
		if tags[i], err = textlanguage.Parse(one.Tag); err != nil {
			return nil, fmt.Errorf("the file web/messages/%s.json is named after no language: %w", one.Tag, err)
		}
		if one.words.plural = tags[i]; one.Tag != english {
			one.words.lacking = all.list[0].words
		}
	}
	all.matcher = textlanguage.NewMatcher(tags)
	return all, nil
}

func loadLanguage(tag string) (*language, error) {
	body, err := web.ReadFile("web/messages/" + tag + ".json")
	if err != nil {
		return nil, fmt.Errorf("read the messages: %w", err)
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(body, &file); err != nil {
		return nil, fmt.Errorf("read the messages of %q: %w", tag, err)
	}
	one := &language{Tag: tag, locale: &locale{}, words: &messages{texts: map[string]message{}}}
	if err := json.Unmarshal(file["language"], one.locale); err != nil {
		return nil, fmt.Errorf("read how %q writes numbers and dates: %w", tag, err)
	}
	if err := one.locale.check(); err != nil {
		return nil, fmt.Errorf("how %q writes numbers and dates: %w", tag, err)
	}
	one.Name = one.locale.Name
	delete(file, "language")
	if tag == english { // what query says, it says in English itself
		if err := json.Unmarshal(query.EnglishTexts(), &file); err != nil {
			return nil, fmt.Errorf("read the sentences of the figures: %w", err)
		}
	}
	for key, text := range file {
		var m message
		if err := json.Unmarshal(text, &m); err != nil {
			return nil, fmt.Errorf("read the message %s of %q: %w", key, tag, err)
		}
		one.words.texts[key] = m
	}
	return one, nil
}

// of is the language with the tag, nil where Uptake does not speak it.
func (l *languages) of(tag string) *language {
	for _, one := range l.list {
		if one.Tag == tag {
			return one
		}
	}
	return nil
}

// chosen is the language of a request: what its address asks for, what was chosen before, what the browser prefers,
// what the company speaks.
func (l *languages) chosen(r *http.Request, company string) *language {
	if asked := l.of(r.URL.Query().Get("lang")); asked != nil {
		return asked
	}
	if cookie, err := r.Cookie(languageCookie); err == nil {
		if kept := l.of(cookie.Value); kept != nil {
			return kept
		}
	}
	// A header that cannot be read names no language.
	if tags, _, err := textlanguage.ParseAcceptLanguage(r.Header.Get("Accept-Language")); err == nil && len(tags) > 0 {
		if _, at, sure := l.matcher.Match(tags...); sure != textlanguage.No {
			return l.list[at]
		}
	}
	if own := l.of(company); own != nil {
		return own
	}
	return l.list[0]
}

// String lists the tags.
func (l *languages) String() string {
	tags := make([]string, len(l.list))
	for i, one := range l.list {
		tags[i] = one.Tag
	}
	return strings.Join(tags, ", ")
}

// choices are the addresses of a page in each language.
func (l *languages) choices(page *url.URL, now *language) []choice {
	list := make([]choice, len(l.list))
	for i, one := range l.list {
		values := page.Query()
		values.Set("lang", one.Tag)
		list[i] = choice{Value: page.EscapedPath() + "?" + values.Encode(), Name: one.Name, Tag: one.Tag, Chosen: one == now}
	}
	return list
}

// reader is who asks. A language asked for in the address is kept for the pages that follow.
func (d *Dashboard) reader(c *gin.Context) *reader {
	if known, ok := c.Get(readerKey); ok {
		return known.(*reader) //nolint:forcetypeassert // only set here
	}
	one := d.languages.chosen(c.Request, d.cfg.Language)
	if c.Query("lang") == one.Tag {
		http.SetCookie(c.Writer, &http.Cookie{Name: languageCookie, Value: one.Tag, Path: "/", MaxAge: languageKept,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: d.cfg.HTTPS || c.Request.TLS != nil})
	}
	who := d.speaking(one)
	who.chosen = d.carriedFilter(c)
	c.Set(readerKey, who)
	return who
}

func (d *Dashboard) speaking(one *language) *reader {
	return &reader{Dashboard: d, locale: one.locale, language: one, words: one.words}
}
