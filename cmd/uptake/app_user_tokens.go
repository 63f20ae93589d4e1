package main

import (
	"context"
	"encoding/json"
	"net/http"

	"uptake/access"
	"uptake/adoption"
)

// openOwnTokens reads the tokens of people; when they were used is written at the stop, too.
func (a *app) openOwnTokens(ctx context.Context) (err error) {
	if a.own, err = access.OpenTokens(ctx, a.db, people{a.admin, a.accounts}.Person, nil, a.log); err != nil {
		return err
	}
	a.run("the tokens of people", a.own.Run)
	return nil
}

// tokenChange is what a command wants done with the tokens of a person.
type tokenChange struct {
	Do    string // create, revoke
	Owner string
	Which string // its name when it is made, else its id
}

// changeUserToken does it. The answer is the token, where one was made.
func (a *app) changeUserToken(r *http.Request) (any, error) {
	var change tokenChange
	if err := json.NewDecoder(r.Body).Decode(&change); err != nil {
		return nil, adoption.Invalid("body", "This is no change of a token.")
	}
	made, do := "", change.Do
	var err error
	switch do {
	case "create":
		made, err = a.own.Make(r.Context(), change.Owner, change.Which)
	case "revoke":
		err = a.own.Revoke(r.Context(), change.Owner, change.Which)
	default:
		err = adoption.Invalid("do", "A token of a person can be created and revoked.")
	}
	a.noteRights(access.AboutToken(change.Owner, change.Which, do), err)
	return map[string]string{"token": made}, err
}

func (a *app) listUserTokens(r *http.Request) (any, error) {
	owner := r.URL.Query().Get("owner")
	if _, ok := (people{a.admin, a.accounts}).Person(owner); !ok && len(a.own.List(owner)) == 0 {
		return nil, &adoption.Error{Code: adoption.NotFound, Field: "name", Message: "There is no open account of this name, and no token of one. `uptake user list` shows all accounts."}
	}
	return append([]access.Token{}, a.own.List(owner)...), nil
}
