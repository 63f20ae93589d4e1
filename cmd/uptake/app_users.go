package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"uptake/access"
	"uptake/adoption"
)

// people are all who sign in with a password: the administrator of the data directory, and the accounts of others.
type people struct {
	admin    *admin
	accounts *access.Accounts
}

// SignIn is the person whose name and password these are.
func (p people) SignIn(name, password string) (access.Person, bool) {
	if name == adminUser {
		return p.admin.SignIn(name, password)
	}
	return p.accounts.SignIn(name, password)
}

// Person is the holder of an account, with the rights of this moment.
func (p people) Person(name string) (access.Person, bool) {
	if name == adminUser {
		return p.admin.Person(name)
	}
	return p.accounts.Person(name)
}

// Taken tells whether there is an account of this name, disabled or not; the administrator's is reserved among them.
func (p people) Taken(name string) bool { return p.accounts.Taken(name) }

func (a *app) openAccounts(ctx context.Context) (err error) {
	a.accounts, err = access.OpenAccounts(ctx, a.db, nil, adminUser)
	return err
}

// openAudit begins the audit log; what it was told is written at the stop, too.
func (a *app) openAudit(context.Context) error {
	a.audit = access.OpenAudit(a.db, nil, a.log)
	a.run("the audit log", a.audit.Run)
	return a.registry.Register(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "uptake_audit_lost_total",
		Help: "Lines of the audit log that were not written down: refused sign-ins beyond 30 a minute, and what found no room while the table could not be written."},
		func() float64 { return float64(a.audit.Lost()) }))
}

// noteRights notes a change of rights that a command made.
func (a *app) noteRights(about string, err error) {
	if err != nil {
		return // nothing was changed, and the owner of the data directory may do all
	}
	a.audit.Note(access.CommandLine, access.ChangedRights, about, access.Done)
}

// userChange is what a command wants done with an account.
type userChange struct {
	Do       string // add, role, password, disable or enable
	Name     string
	Password string // "" to make one
	Roles    []access.Role
	Units    []string
}

// changeUser does it. The answer is the password, where one was made.
func (a *app) changeUser(r *http.Request) (any, error) {
	var change userChange
	if err := json.NewDecoder(r.Body).Decode(&change); err != nil {
		return nil, adoption.Invalid("body", "This is no change of an account.")
	}
	made := ""
	if change.Password == "" && (change.Do == "add" || change.Do == "password") {
		made = access.NewPassword()
		change.Password = made
	}
	if err := a.shown().CheckUnits(r.Context(), change.Units); err != nil {
		return nil, err
	}
	var err error
	switch ctx := r.Context(); change.Do {
	case "add":
		err = a.accounts.Add(ctx, change.Name, change.Password, change.Roles, change.Units)
	case "role":
		err = a.accounts.SetRights(ctx, change.Name, change.Roles, change.Units)
	case "password":
		err = a.accounts.SetPassword(ctx, change.Name, change.Password)
	case "disable", "enable":
		err = a.accounts.SetDisabled(ctx, change.Name, change.Do == "disable")
	default:
		err = adoption.Invalid("do", "An account can be added, disabled, enabled, and given roles or a password.")
	}
	a.noteRights(access.AboutAccount(change.Name, change.Do, change.Roles, change.Units), err)
	return map[string]string{"password": made}, err
}

// userLine is an account as a list shows it.
type userLine struct {
	Name     string
	Roles    []access.Role
	Units    []string
	Disabled bool
	Created  time.Time
}

func (a *app) listUsers(*http.Request) (any, error) {
	lines := []userLine{}
	for _, one := range a.accounts.List() {
		lines = append(lines, userLine{one.Name, one.Roles, one.Units, one.Disabled, one.Created})
	}
	return lines, nil
}
