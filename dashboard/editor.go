package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
	"uptake/value/assumptions"
)

// The editor of assumptions: what somebody changes is a draft of his or her own until it is published, with the reason, as a
// new version. Nothing published is ever changed.

// editing is what an author works on: the draft, or the newest version where there is none.
type editing struct {
	author   string
	newest   *query.AssumptionsAnswer
	doc      *assumptions.Document
	version  uint64 // that the draft was begun from
	revision uint64 // how often the draft was saved
	open     bool   // the draft differs from the newest version
}

// overtaken tells whether somebody has published since the draft was begun.
func (e *editing) overtaken() bool { return e.open && e.version != e.newest.Version }

func (d *reader) editing(ctx context.Context, author string) (*editing, error) {
	company := d.cfg.Company()
	newest, err := company.Assumptions(ctx, query.AssumptionsQuestion{})
	if err != nil {
		return nil, err
	}
	e := &editing{author: author, newest: newest, doc: newest.Document, version: newest.Version}
	draft, err := company.Assumptions(ctx, query.AssumptionsQuestion{Draft: author})
	switch {
	case adoption.CodeOf(err) == adoption.NotFound && err != nil:
		return e, nil
	case err != nil:
		return nil, err
	}
	e.revision = draft.Draft.Version
	if len(assumptions.Diff(newest.Document, draft.Document)) > 0 {
		e.open, e.doc, e.version = true, draft.Document, draft.Version
	}
	return e, nil
}

// keepDraft keeps a document as the author's draft.
func (d *reader) keepDraft(ctx context.Context, e *editing, document json.RawMessage, costs string) error {
	_, err := d.cfg.Company().EnterAssumptions(ctx, e.author, query.AssumptionsEntry{Draft: true, Version: e.version, Based: e.revision, Document: document, Costs: costs})
	return err
}

// told is what the page of the editor says besides the form.
type told struct {
	form    url.Values // what was typed and could not be kept; nil else
	err     error      // why not
	reason  string     // that was typed
	costs   string     // the file of costs that was pasted
	saved   bool
	section string
}

func (s *Dashboard) editorPage(c *gin.Context) {
	d := s.reader(c)
	e, err := d.editing(c.Request.Context(), c.GetString(userKey))
	if err != nil {
		d.fail(c, err)
		return
	}
	d.showEditor(c, http.StatusOK, e, told{section: c.Query("section"), saved: c.Query("saved") == "1"})
}

// changeDraft does something with the draft and goes back to the editor; where it is refused, the editor says why, and what
// was typed stands there still.
func (d *reader) changeDraft(c *gin.Context, change func(e *editing, t *told) error) {
	e, err := d.editing(c.Request.Context(), c.GetString(userKey))
	if err != nil {
		d.fail(c, err)
		return
	}
	t := told{section: c.PostForm("section")}
	if err := change(e, &t); err != nil {
		t.err = err
		d.showEditor(c, adoption.Public(err).Code.Status(), e, t)
		return
	}
	c.Redirect(http.StatusSeeOther, "/value/assumptions/edit?saved=1&section="+url.QueryEscape(t.section))
}

// unseen refuses to write over a draft that was saved in another window since the form was shown.
func (d *reader) unseen(c *gin.Context, e *editing) error {
	if c.PostForm("revision") == strconv.FormatUint(e.revision, 10) {
		return nil
	}
	return &adoption.Error{Code: adoption.Conflict, Field: "revision", Message: d.words.text("value.edit.elsewhere")}
}

func (s *Dashboard) saveDraft(c *gin.Context) {
	d := s.reader(c)
	d.changeDraft(c, func(e *editing, t *told) error {
		t.form = c.Request.PostForm
		if err := d.unseen(c, e); err != nil {
			return err
		}
		document, err := formed(e.doc, c.Request.PostForm, d.cfg.Company().Today())
		if err != nil {
			return err
		}
		return d.keepDraft(c.Request.Context(), e, document, "")
	})
}

func (s *Dashboard) enterCosts(c *gin.Context) {
	d := s.reader(c)
	d.changeDraft(c, func(e *editing, t *told) error {
		t.costs = c.PostForm("costs")
		if t.costs == "" {
			return adoption.Invalid("costs", d.words.text("value.edit.no_costs"))
		}
		document, err := json.Marshal(e.doc)
		if err != nil {
			return err
		}
		return d.keepDraft(c.Request.Context(), e, document, t.costs)
	})
}

// rebaseDraft puts the author's changes onto the newest version.
func (s *Dashboard) rebaseDraft(c *gin.Context) {
	d := s.reader(c)
	d.changeDraft(c, func(e *editing, _ *told) error {
		base, err := d.cfg.Company().Assumptions(c.Request.Context(), query.AssumptionsQuestion{Version: &e.version})
		if err != nil {
			return err
		}
		document, err := merged(base.Document, e.doc, e.newest.Document)
		if err != nil {
			return err
		}
		e.version = e.newest.Version
		return d.keepDraft(c.Request.Context(), e, document, "")
	})
}

// discardDraft makes the draft what the newest version is: then there is none.
func (s *Dashboard) discardDraft(c *gin.Context) {
	d := s.reader(c)
	d.changeDraft(c, func(e *editing, _ *told) error {
		document, err := json.Marshal(e.newest.Document)
		if err != nil {
			return err
		}
		e.version = e.newest.Version
		return d.keepDraft(c.Request.Context(), e, document, "")
	})
}

func (s *Dashboard) publishDraft(c *gin.Context) {
	d := s.reader(c)
	e, err := d.editing(c.Request.Context(), c.GetString(userKey))
	if err != nil {
		d.fail(c, err)
		return
	}
	t := told{section: c.PostForm("section"), reason: c.PostForm("reason")}
	t.err = d.unseen(c, e)
	if t.err == nil && !e.open {
		t.err = adoption.Invalid("draft", d.words.text("value.edit.nothing"))
	}
	if t.err == nil {
		var document []byte
		if document, t.err = json.Marshal(e.doc); t.err == nil {
			var published *query.AssumptionsAnswer
			published, t.err = d.cfg.Company().EnterAssumptions(c.Request.Context(), e.author, query.AssumptionsEntry{Version: e.version, Reason: t.reason, Document: document})
			if t.err == nil {
				c.Set(aboutKey, auditedID(published))
			}
		}
	}
	if t.err != nil {
		d.showEditor(c, adoption.Public(t.err).Code.Status(), e, t)
		return
	}
	d.cfg.Log.Info("assumptions were published", "author", e.author)
	c.Redirect(http.StatusSeeOther, "/value/assumptions?published=1")
}

// effectOfForm answers, while somebody types, with the part of the page that says what it would change.
func (s *Dashboard) effectOfForm(c *gin.Context) {
	d := s.reader(c)
	e, err := d.editing(c.Request.Context(), c.GetString(userKey))
	if err == nil {
		err = c.Request.ParseForm()
	}
	if err != nil {
		d.fail(c, err)
		return
	}
	view := effectView{}
	document, err := formed(e.doc, c.Request.PostForm, d.cfg.Company().Today())
	if err == nil {
		view, err = d.effectOf(c.Request.Context(), document)
	}
	if err != nil {
		view = effectView{Problems: d.problems(err)}
	}
	d.renderPart(c, http.StatusOK, "assumptions_edit.html", "effect", view)
}
