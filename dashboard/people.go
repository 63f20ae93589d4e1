package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
)

// peopleView is the page of the people who sign in with a password.
type peopleView struct {
	Answer   string // one sentence
	Done     string // what was just done, "" for nothing
	Password string // that was just made: shown this once
	People   []personView
	Add      personForm
	Change   *personForm // of the person chosen, nil for nobody
}

type personView struct {
	Name, Href, Roles, Units, State, Since string
	Disabled                               bool
}

// personForm is a form with what was typed, and what is wrong with it.
type personForm struct {
	Name, Units     string
	Roles           []roleChoice
	Own, Disabled   bool
	Wrong, Original string // "" where nothing is; the original is in English
	Field           string // that is at fault
}

type roleChoice struct {
	Role, Name, What string
	Chosen           bool
}

func (d *Dashboard) peoplePage(c *gin.Context) {
	if d.cfg.People == nil {
		d.notFound(c)
		return
	}
	who := d.reader(c)
	view := peopleView{}
	name := c.Query("name")
	one, known := d.account(name)
	if known {
		view.Change = who.formOf(c, one)
	}
	switch done := c.Query("done"); {
	case known && slices.Contains([]string{"role", "disable", "enable"}, done):
		view.Done, view.Change = who.words.text("people.done."+done, "name", name), nil
	case name != "" && !known:
		d.notFound(c)
		return
	}
	who.showPeople(c, http.StatusOK, view)
}

func (d *Dashboard) account(name string) (access.Account, bool) {
	list := d.cfg.People.List()
	i := slices.IndexFunc(list, func(a access.Account) bool { return a.Name == name })
	if i < 0 {
		return access.Account{}, false
	}
	return list[i], true
}

// changePeople does what one of the forms asks for. Where a password was made it is shown at once, in the answer alone:
// it is kept by nobody.
func (d *Dashboard) changePeople(c *gin.Context) {
	if d.cfg.People == nil {
		d.notFound(c)
		return
	}
	who := d.reader(c)
	do, name := c.PostForm("do"), strings.TrimSpace(c.PostForm("name"))
	made, err := d.changePerson(c, do, name)
	if err != nil {
		who.showWrong(c, do, name, err)
		return
	}
	d.cfg.Log.Info("an account was changed", "do", do, "by", c.GetString(userKey))
	if made == "" {
		c.Redirect(http.StatusSeeOther, "/settings/people?"+url.Values{"done": {do}, "name": {name}}.Encode())
		return
	}
	// 201 is kept nowhere, as render has it.
	who.showPeople(c, http.StatusCreated, peopleView{Done: who.words.text("people.done."+do, "name", name), Password: made})
}

// changePerson returns the password, where one was made.
func (d *Dashboard) changePerson(c *gin.Context, do, name string) (made string, err error) {
	ctx, people := c.Request.Context(), d.cfg.People
	roles, units := typedRights(c)
	if own := name == c.GetString(userKey); own && do != "password" && do != "add" {
		wrong := d.wordedError(adoption.Conflict, "people.own", nil)
		wrong.Field = "name"
		return "", wrong
	}
	if do == "add" || do == "role" {
		if err := d.cfg.Company().CheckUnits(ctx, units); err != nil {
			return "", err
		}
	}
	switch do {
	case "add":
		made = access.NewPassword()
		err = people.Add(ctx, name, made, roles, units)
	case "role":
		err = people.SetRights(ctx, name, roles, units)
	case "password":
		made, roles, units = access.NewPassword(), nil, nil
		err = people.SetPassword(ctx, name, made)
	case "disable", "enable":
		roles, units = nil, nil
		err = people.SetDisabled(ctx, name, do == "disable")
	default:
		err = d.wordedError(adoption.InvalidParameter, "people.no_deed", nil)
	}
	if err != nil {
		return "", err
	}
	c.Set(aboutKey, access.AboutAccount(name, do, roles, units))
	return made, nil
}

// typedRights are the roles that were ticked, and the units that were typed with commas between them.
func typedRights(c *gin.Context) (roles []access.Role, units []string) {
	for _, role := range c.PostFormArray("role") {
		roles = append(roles, access.Role(role))
	}
	for unit := range strings.SplitSeq(c.PostForm("units"), ",") {
		if unit = strings.TrimSpace(unit); unit != "" {
			units = append(units, unit)
		}
	}
	return roles, units
}

// showWrong shows the form again, with what was typed and what is wrong with it.
func (d *reader) showWrong(c *gin.Context, do, name string, err error) {
	e := d.public(c, err)
	if do != "add" && e.Code == adoption.NotFound {
		d.fail(c, d.wordedError(adoption.NotFound, "people.none", err))
		return
	}
	said := d.errorView(e)
	roles, _ := typedRights(c)
	typed := personForm{Name: name, Units: c.PostForm("units"), Roles: d.roleChoices(roles), Wrong: said.Message, Original: said.Original, Field: e.Field}
	view := peopleView{Add: typed}
	if one, known := d.account(name); do != "add" && known {
		form := d.formOf(c, one)
		form.Wrong, form.Original, form.Field = typed.Wrong, typed.Original, typed.Field
		if do == "role" {
			form.Roles, form.Units = typed.Roles, typed.Units
		}
		view = peopleView{Change: form}
	} else if do != "add" {
		d.fail(c, err)
		return
	}
	d.showPeople(c, e.Code.Status(), view)
}

// formOf is the form of an account as it is.
func (d *reader) formOf(c *gin.Context, one access.Account) *personForm {
	return &personForm{Name: one.Name, Units: strings.Join(one.Units, ", "), Roles: d.roleChoices(one.Roles), Own: one.Name == c.GetString(userKey), Disabled: one.Disabled}
}

// WrongIn tells whether the fault is of a field.
func (f personForm) WrongIn(field string) bool { return f.Wrong != "" && f.Field == field }

func (d *reader) roleChoices(chosen []access.Role) []roleChoice {
	var list []roleChoice
	for _, role := range access.Roles() {
		key := string(role)
		list = append(list, roleChoice{key, d.words.text("people.role." + key), d.words.text("people.may." + key), slices.Contains(chosen, role)})
	}
	return list
}

// roleNames are roles in the reader's words, with commas between them.
func (d *reader) roleNames(roles []access.Role) string {
	list := make([]string, len(roles))
	for i, r := range roles {
		list[i] = d.words.text("people.role." + string(r))
	}
	return strings.Join(list, ", ")
}

func (d *reader) showPeople(c *gin.Context, status int, view peopleView) {
	zone := d.cfg.Company().Zone
	shut := 0
	for _, one := range d.cfg.People.List() {
		line := personView{Name: one.Name, Href: "/settings/people?name=" + url.QueryEscape(one.Name), Units: strings.Join(one.Units, ", "), State: d.words.text("people.open"),
			Roles: d.roleNames(one.Roles), Since: d.date(adoption.DayOf(one.Created, zone))}
		if one.Disabled {
			line.State, line.Disabled = d.words.text("people.disabled"), true
			shut++
		}
		view.People = append(view.People, line)
	}
	view.Answer = d.words.text("people.answer", "n", count(d.locale, len(view.People)))
	if shut > 0 {
		view.Answer += " " + d.words.text("people.answer_disabled", "n", count(d.locale, shut))
	}
	if view.Add.Roles == nil {
		view.Add.Roles = d.roleChoices([]access.Role{access.Viewer})
	}
	d.render(c, status, "people.html", d.pageOf(c, d.words.text("people.title"), "settings"), view)
}
