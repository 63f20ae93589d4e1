package dashboard

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"

	"github.com/gin-gonic/gin"

	"uptake/access"
)

// page is the frame around the body of every page.
type page struct {
	Title     string
	Nav       string // which section the rail marks
	User      string // "" where nobody is signed in: the page has no rail then
	Demo      string // the preset, while the demo company is shown
	Leave     bool   // the demo can be left from here
	Limited   bool   // the reader has units of his or her own, and no list of all
	Filter    *filterView
	Sections  []sectionView
	Language  string   // of this page
	Languages []choice // all that there are: the address of the same page in each
	Refresh   int      // seconds after which the page is asked for again, 0 for never: only where something is being loaded
	Body      any
	chosen    filter // that the page was asked for under
}

// Along is another page under the choice of this one; for templates.
func (p page) Along(path string) string { return p.chosen.along(path) }

// Tabs are the pages about plans, of which this is one, by the name of their words.
func (p page) Tabs(here string) []choiceLink {
	var tabs []choiceLink
	for _, name := range []string{"pilots", "campaigns", "targets", "stages"} {
		tabs = append(tabs, choiceLink{link{name, p.Along("/" + name)}, name == here})
	}
	return tabs
}

// OfAll is a page of the whole company under the choice of this one: without its unit.
func (p page) OfAll(path string) string { return p.chosen.address(path) }

// pages are the templates in one language, one set a page: its own file over the frame and the parts that all share.
type pages struct{ sets map[string]*template.Template }

func loadPages(a *assets, in *language) (*pages, error) {
	frame, err := template.New("frame").Funcs(template.FuncMap{
		"t": in.words.text, "asset": a.address, "saves": saves,
	}).ParseFS(web, "web/templates/frame.html", "web/templates/parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the templates: %w", err)
	}
	files, err := fs.Glob(web, "web/templates/pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the templates: %w", err)
	}
	p := &pages{sets: map[string]*template.Template{}}
	for _, file := range files {
		set, err := template.Must(frame.Clone()).ParseFS(web, file)
		if err != nil {
			return nil, fmt.Errorf("read the template %s: %w", file, err)
		}
		p.sets[path.Base(file)] = set
	}
	return p, nil
}

// pageOf is the frame for a request.
func (d *Dashboard) pageOf(c *gin.Context, title, nav string) page {
	who := d.reader(c)
	p := page{Title: title, Nav: nav, User: c.GetString(userKey), Language: who.language.Tag}
	f := d.carriedFilter(c)
	p.chosen = f
	p.Languages = d.languages.choices(c.Request.URL, who.language)
	if p.User != "" {
		p.Demo = d.cfg.Company().Demo
		p.Leave = p.Demo != "" && d.cfg.LeaveDemo != nil && may(c, access.Administer)
		p.Limited = asking(c).Limited()
	}
	p.Sections = who.sectionViews(nav, f, asking(c))
	return p
}

// render writes a page whole or not at all: a template that fails half way leaves no half page behind.
func (d *Dashboard) render(c *gin.Context, status int, name string, p page, body any) {
	p.Body = body
	who := d.reader(c)
	c.Header("Content-Language", who.language.Tag)
	var out bytes.Buffer
	set, ok := who.language.pages.sets[name]
	if !ok {
		panic("dashboard: there is no page " + name)
	}
	if err := set.ExecuteTemplate(&out, "frame", p); err != nil {
		d.cfg.Log.Error("a template failed", "page", name, "error", err)
		c.Data(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte(who.words.text("error.internal")))
		c.Abort()
		return
	}
	if part := c.Query("save"); part != "" && status == http.StatusOK {
		who.save(c, out.Bytes(), p, part)
		return
	}
	answer(c, status, "text/html; charset=utf-8", who.linked(out.Bytes(), c.Request.URL))
}
