package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
)

// lettersShown is how many dead letters stand on one page.
const lettersShown = 50

// lettersView is the page of the dead letters.
type lettersView struct {
	Failed  string
	Answer  string // one sentence
	Done    string // what was just done, "" for nothing
	Letters []letterView
	Any     bool   // of the letters shown one can be replayed
	More    string // the address of the next part, "" for none
	Refused *refusedView
}

// letterView is one letter.
type letterView struct {
	Number                            uint64
	Href, Time, Events, Sources, Size string
	Reason                            string
	Replayable                        bool
	Content                           [][]DeadLetterField
	Left                              string // of its events, those that are not shown
}

// trustLetters is what the data-trust page says of them.
type trustLetters struct {
	Failed, Text string
	Some         bool
}

// countLetters is how many there are.
func (d *reader) countLetters(ctx context.Context) (uint64, error) {
	if d.cfg.DeadLetters == nil {
		return 0, nil
	}
	return d.cfg.DeadLetters.Count(ctx)
}

func (d *reader) trustLetters(n *part[uint64]) *trustLetters {
	switch {
	case d.cfg.DeadLetters == nil:
		return nil
	case n.View > 0:
		return &trustLetters{Text: d.words.text("trust.letters_some", "n", count(d.locale, n.View)), Some: true}
	}
	return &trustLetters{Failed: n.Failed, Text: d.words.text("trust.letters_none")}
}

func (s *Dashboard) deadLettersPage(c *gin.Context) {
	d := s.reader(c)
	if d.cfg.DeadLetters == nil {
		d.notFound(c)
		return
	}
	from, _ := strconv.ParseUint(c.Query("from"), 10, 64) // what is no number begins with the oldest
	zone := d.cfg.Company().Zone
	view := lettersView{Done: d.doneSentence(c)}
	list, err := d.cfg.DeadLetters.List(c.Request.Context(), from, lettersShown)
	if err != nil {
		view.Failed = d.sectionError("dead letters", err)
	}
	view.Answer = d.words.text("letters.none")
	if list.Total > 0 {
		view.Answer = d.words.text("letters.answer", "n", count(d.locale, list.Total))
	}
	for i := range list.Letters {
		letter := d.letterView(&list.Letters[i], zone)
		view.Letters, view.Any = append(view.Letters, letter), view.Any || letter.Replayable
	}
	if list.Next > 0 {
		view.More = fmt.Sprintf("/dead-letters?from=%d", list.Next)
	}
	view.Refused = d.refusedView(c.Request.Context(), zone)
	d.render(c, http.StatusOK, "letters.html", d.pageOf(c, d.words.text("letters.title"), "trust"), view)
}

func (s *Dashboard) deadLetterPage(c *gin.Context) {
	d := s.reader(c)
	number, err := strconv.ParseUint(c.Param("number"), 10, 64)
	if d.cfg.DeadLetters == nil || err != nil || number == 0 {
		d.notFound(c)
		return
	}
	letter, err := d.cfg.DeadLetters.Show(c.Request.Context(), number)
	if err != nil {
		d.fail(c, err)
		return
	}
	title := d.words.text("letters.letter", "number", number)
	d.render(c, http.StatusOK, "letter.html", d.pageOf(c, title, "trust"), d.letterView(&letter, d.cfg.Company().Zone))
}

func (d *reader) letterView(l *DeadLetter, zone *time.Location) letterView {
	v := letterView{Number: l.Number, Href: fmt.Sprintf("/dead-letters/%d", l.Number), Time: d.clock(l.Time, zone), Events: count(d.locale, l.Events),
		Sources: l.Sources, Size: d.words.text("letters.bytes", "n", count(d.locale, l.Bytes)), Reason: l.Reason, Replayable: l.Replayable, Content: l.Content}
	if l.Sources == "" {
		v.Sources = d.words.text("letters.no_source")
	}
	if left := l.Events - len(l.Content); left > 0 && l.Content != nil {
		v.Left = d.words.text("letters.left", "n", count(d.locale, left))
	}
	return v
}

// chosenLetter is the letter that a form is about, 0 for all of them.
func (d *reader) chosenLetter(c *gin.Context) (uint64, error) {
	if c.PostForm("all") == "1" {
		return 0, nil
	}
	number, err := strconv.ParseUint(c.PostForm("number"), 10, 64)
	if err != nil || number == 0 {
		return 0, adoption.Invalid("number", d.words.text("letters.no_number"))
	}
	return number, nil
}

func (s *Dashboard) replayDeadLetters(c *gin.Context) {
	d := s.reader(c)
	d.changeLetters(c, func(number uint64) (done string, err error) {
		events, kept, err := d.cfg.DeadLetters.Replay(c.Request.Context(), number)
		if err == nil {
			d.cfg.Log.Info("dead letters were replayed", "events", events, "kept", kept)
		}
		return fmt.Sprintf("replayed=%d&kept=%d", events, kept), err
	})
}

func (s *Dashboard) dropDeadLetters(c *gin.Context) {
	d := s.reader(c)
	d.changeLetters(c, func(number uint64) (done string, err error) {
		dropped, err := d.cfg.DeadLetters.Drop(c.Request.Context(), number)
		if err == nil {
			d.cfg.Log.Info("dead letters were dropped", "letters", dropped)
		}
		return fmt.Sprintf("dropped=%d", dropped), err
	})
}

// changeLetters does what a form asks for, and goes back to the list, which says what was done.
func (d *reader) changeLetters(c *gin.Context, change func(number uint64) (done string, err error)) {
	if d.cfg.DeadLetters == nil {
		d.notFound(c)
		return
	}
	number, err := d.chosenLetter(c)
	if err != nil {
		d.fail(c, err)
		return
	}
	done, err := change(number)
	if err != nil {
		d.fail(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/dead-letters?"+done)
}

// doneSentence says what the form before this page has done.
func (d *reader) doneSentence(c *gin.Context) string {
	number := func(name string) int {
		n, _ := strconv.Atoi(c.Query(name))
		return max(n, 0)
	}
	switch {
	case number("dropped") > 0:
		return d.words.text("letters.dropped", "n", count(d.locale, number("dropped")))
	case c.Query("replayed") == "":
		return ""
	case number("kept") > 0:
		return d.words.text("letters.replayed", "n", count(d.locale, number("replayed"))) + " " + d.words.text("letters.kept", "n", count(d.locale, number("kept")))
	}
	return d.words.text("letters.replayed", "n", count(d.locale, number("replayed")))
}
