package dashboard

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// Setting is how one thing is set that was read at the start.
type Setting struct {
	Key, Variable string // its names in uptake.yaml and in the environment
	Doc           string // what it is, in English
	Value         string // "" for none, and for one that is not to be shown
	Hidden        bool   // a secret, or something that names people
	Place         string // where it was set; "" for the default
}

// Grant is a token of a source, a reader, an editor or Prometheus, without its secret.
type Grant struct {
	ID, Name, Kind string
	Directory      bool
	Created        time.Time
}

// settingsView is the page of what Uptake was told at its start. Nothing is changed on it.
type settingsView struct {
	Answer   string
	Unknown  string      // which units the file of groups names that there are not; "" for none
	Basics   []basicView // what figures are made with
	Settings []settingView
	Grants   []grantView
}

type basicView struct{ Name, Value, How, Href string }

type settingView struct {
	Setting
	Shown, Set string
	Given      bool
}

type grantView struct{ Name, ID, Kind, Since string }

// basics are the settings that decide what figures say.
var basics = []string{"timezone", "fiscal_year", "min_group", "retention"}

func (s *Dashboard) settingsPage(c *gin.Context) {
	if s.cfg.Settings == nil {
		s.notFound(c)
		return
	}
	d := s.reader(c)
	view, given := settingsView{}, 0
	byKey := map[string]settingView{}
	for _, one := range d.cfg.Settings {
		line := settingView{Setting: one, Shown: one.Value, Given: one.Place != "", Set: firstText(one.Place, d.words.text("settings.default"))}
		switch {
		case one.Hidden && line.Given:
			line.Shown = d.words.text("settings.hidden")
		case line.Shown == "":
			line.Shown = d.words.text("settings.none")
		}
		if line.Given {
			given++
		}
		byKey[one.Key] = line
		view.Settings = append(view.Settings, line)
	}
	for _, key := range basics {
		if line, is := byKey[key]; is {
			if key == "fiscal_year" {
				line.Shown = d.LongMonths[max(d.cfg.Company().Year, time.January)-1]
			}
			view.Basics = append(view.Basics, basicView{Name: d.words.text("settings." + key), Value: line.Shown, How: d.words.text("settings.change", "key", line.Key, "variable", line.Variable)})
		}
	}
	view.Basics = append(view.Basics, d.enteredBasics(c)...)
	view.Unknown = d.unknownUnits(c.Request.Context())
	view.Answer = d.words.text("settings.answer", "n", count(d.locale, given), "all", count(d.locale, len(view.Settings)))
	zone := d.cfg.Company().Zone
	if d.cfg.Grants != nil {
		for _, g := range d.cfg.Grants() {
			line := grantView{Name: g.Name, ID: g.ID, Kind: d.words.text("settings.kind." + g.Kind), Since: d.date(adoption.DayOf(g.Created, zone))}
			if g.Directory {
				line.Kind = d.words.text("settings.kind.directory")
			}
			view.Grants = append(view.Grants, line)
		}
	}
	d.render(c, http.StatusOK, "settings.html", d.pageOf(c, d.words.text("nav.settings"), "settings"), view)
}

// unknownUnits says which units the file of groups names that there are not. The demo company has other units than the file means.
func (d *reader) unknownUnits(ctx context.Context) string {
	company := d.cfg.Company()
	if d.cfg.OIDC == nil || d.cfg.OIDC.Groups == nil || company.Demo != "" {
		return ""
	}
	unknown, err := company.UnknownUnits(ctx, d.cfg.OIDC.Groups.Units())
	switch {
	case err != nil:
		return d.sectionError("unknown units", err)
	case len(unknown) == 0:
		return ""
	}
	return d.words.text("settings.unknown_units", "n", len(unknown), "units", strings.Join(unknown, ", "))
}

// enteredBasics are those that no setting decides.
func (d *reader) enteredBasics(c *gin.Context) []basicView {
	currency := d.words.text("settings.none")
	if book, err := d.cfg.Company().Assumptions(c.Request.Context(), query.AssumptionsQuestion{}); err == nil && book.Document != nil {
		currency = book.Document.Currency
	}
	return []basicView{
		{d.words.text("settings.currency"), currency, d.words.text("settings.currency_how"), "/value/assumptions"},
		{d.words.text("settings.thresholds"), d.words.text("settings.thresholds_value"), d.words.text("settings.thresholds_how"), ""},
	}
}
