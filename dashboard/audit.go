package dashboard

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
)

// auditShown is how many lines of the audit log stand on one page.
const auditShown = 100

// aboutKey is where a handler leaves, for the audit log, what it has done something to.
const aboutKey = "about"

// note puts a line into the audit log, where there is one.
func (d *Dashboard) note(who, what, about, outcome string) {
	if d.cfg.Audit != nil {
		d.cfg.Audit.Note(who, what, about, outcome)
	}
}

// noteRefusal notes a sign-in that was refused. What was typed as a name is written down only where it is one: it may
// be an address, or a password in the wrong field.
func (d *Dashboard) noteRefusal(name, why string) {
	if _, known := d.cfg.Accounts.Person(name); !known {
		name = ""
	}
	d.note(name, access.SignInRefused, why, access.Refused)
}

// audited notes what somebody who is known did with a route, or tried to.
func (d *Dashboard) audited(r route) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Next()
		if who := asking(c).Name; who != "" {
			if what, about := deed(c, r); what != "" {
				d.note(who, what, about, outcomeOf(c.Writer.Status()))
			}
		}
	}
}

// partName is what a part of a page may be called; anything else is not repeated.
var partName = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)

// deed is what a request means to the audit log, "" for nothing.
func deed(c *gin.Context, r route) (what, about string) {
	done := c.GetString(aboutKey)
	part := c.Query("save")
	switch method := c.Request.Method; {
	case r.path == "/sign-out":
		return access.SignedOut, ""
	case method == http.MethodGet && r.path == "/reports/:report":
		return access.Exported, c.Request.URL.Path
	case method == http.MethodGet && r.access.page && part != "":
		if !partName.MatchString(part) {
			part = "?"
		}
		return access.Exported, c.Request.URL.Path + " " + part
	case method == http.MethodPost && r.path == "/settings/people":
		return access.ChangedRights, firstText(done, "accounts")
	case method == http.MethodPost && r.path == "/account":
		return access.ChangedRights, firstText(done, "tokens")
	case method == http.MethodPost && r.path == "/value/assumptions/publish":
		return access.ChangedAssumed, strings.TrimSuffix("value/assumptions/"+done, "/")
	case method == http.MethodPost && r.path == "/value/scenarios":
		return access.ChangedAssumed, strings.TrimSuffix("value/scenarios/"+done, "/")
	case method == http.MethodPost && (r.path == "/pilots" || r.path == "/campaigns"):
		return access.Published, strings.TrimSuffix(r.path[1:]+"/"+done, "/")
	case method == http.MethodPost && strings.HasPrefix(r.path, "/api/"):
		what, about = access.Published, strings.TrimPrefix(r.path, "/api/v1/")
		if strings.HasPrefix(about, "value/") {
			what = access.ChangedAssumed
		}
		return what, strings.TrimSuffix(about+"/"+done, "/")
	}
	return "", ""
}

func outcomeOf(status int) string {
	switch {
	case status >= http.StatusInternalServerError:
		return access.Failed
	case status >= http.StatusBadRequest:
		return access.Refused
	}
	return access.Done
}

// auditedID is the id, or the version, of what was published.
func auditedID(published any) string {
	var named struct {
		ID   string
		Plan struct{ ID string }
		// Version is of assumptions; what has an id is not named by it.
		Version uint64
	}
	text, err := json.Marshal(published)
	if err != nil || json.Unmarshal(text, &named) != nil {
		return ""
	}
	if id := firstText(named.ID, named.Plan.ID); id != "" || named.Version == 0 {
		return id
	}
	return strconv.FormatUint(named.Version, 10)
}

// auditAnswer is a part of the audit log, newest first.
type auditAnswer struct {
	Entries []access.Entry `json:"entries"`
	Before  *uint64        `json:"before"` // to ask for what is older; nil: there is nothing
}

// auditOf is the part of the log that a request asks for.
func (d *Dashboard) auditOf(c *gin.Context) (auditAnswer, error) {
	var a auditAnswer
	var before uint64
	if given, ok := c.GetQuery("before"); ok {
		var err error
		if before, err = strconv.ParseUint(given, 10, 63); err != nil || before == 0 {
			return a, adoption.Invalid("before", "This is no number of a line. Take the before of the answer that came last.")
		}
	}
	if d.cfg.Audit == nil {
		return a, d.wordedError(adoption.NotFound, "error.path_not_found", nil)
	}
	list, err := d.cfg.Audit.List(c.Request.Context(), before, auditShown+1)
	if err != nil {
		return a, err
	}
	if len(list) > auditShown {
		list = list[:auditShown]
		a.Before = &list[auditShown-1].Number
	}
	a.Entries = list
	return a, nil
}

func (d *Dashboard) auditList(c *gin.Context) {
	a, err := d.auditOf(c)
	answerJSON(d, c, a, err)
}

// auditView is the page of the audit log.
type auditView struct {
	Lines []auditLine
	More  string // the address of what is older, "" for none
}

type auditLine struct{ Time, Who, What, About, Outcome string }

func (d *Dashboard) auditPage(c *gin.Context) {
	who := d.reader(c)
	a, err := d.auditOf(c)
	if err != nil {
		d.fail(c, err)
		return
	}
	view := auditView{}
	zone := d.cfg.Company().Zone
	for i := range a.Entries {
		view.Lines = append(view.Lines, who.auditLine(&a.Entries[i], zone))
	}
	if a.Before != nil {
		view.More = "/audit?before=" + strconv.FormatUint(*a.Before, 10)
	}
	d.render(c, http.StatusOK, "audit.html", d.pageOf(c, who.words.text("audit.title"), "settings"), view)
}

func (d *reader) auditLine(e *access.Entry, zone *time.Location) auditLine {
	l := auditLine{Time: d.clock(e.At, zone), Who: e.Who, What: d.words.text("audit.what." + e.What), About: e.About, Outcome: d.words.text("audit.outcome." + e.Outcome)}
	switch e.Who {
	case "":
		l.Who = d.words.text("audit.nobody")
	case access.CommandLine:
		l.Who = d.words.text("audit.command_line")
	}
	return l
}
