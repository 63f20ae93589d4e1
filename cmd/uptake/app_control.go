package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"uptake/access"
	"uptake/adoption"
	"uptake/cmd/uptake/control"
	"uptake/ingest"
	"uptake/migrations"
)

// startControl answers the commands. Whoever reaches the socket is the owner of the data directory, or root.
func (a *app) startControl() error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /control/migrations", a.answer(a.migrationStates))
	mux.HandleFunc("POST /control/migrations", a.answer(func(r *http.Request) (any, error) {
		if err := a.migrate(r.Context()); err != nil {
			return nil, err
		}
		return a.migrationStates(r)
	}))
	if !a.self.Limited {
		mux.HandleFunc("GET /control/settled", a.answer(a.settled))
		mux.HandleFunc("GET /control/tokens", a.answer(func(*http.Request) (any, error) { return a.tokens.List(), nil }))
		mux.HandleFunc("POST /control/tokens", a.answer(a.createToken))
		mux.HandleFunc("DELETE /control/tokens", a.answer(func(r *http.Request) (any, error) {
			id := r.URL.Query().Get("id")
			err := a.tokens.Revoke(r.Context(), id)
			a.noteRights("token/"+id+" revoke", err)
			return struct{}{}, err
		}))
		mux.HandleFunc("POST /control/password", a.answer(func(*http.Request) (any, error) {
			password, err := a.admin.renew()
			a.noteRights(access.AboutAccount(adminUser, "password", nil, nil), err)
			return map[string]string{"password": password}, err
		}))
		mux.HandleFunc("GET /control/users", a.answer(a.listUsers))
		mux.HandleFunc("POST /control/users", a.answer(a.changeUser))
		mux.HandleFunc("GET /control/users/tokens", a.answer(a.listUserTokens))
		mux.HandleFunc("POST /control/users/tokens", a.answer(a.changeUserToken))
		mux.HandleFunc("POST /control/demo", a.makeDemo)
		mux.HandleFunc("DELETE /control/demo", a.answer(func(r *http.Request) (any, error) {
			return struct{}{}, a.demo.leave(r.Context())
		}))
		mux.HandleFunc("POST /control/selfcheck", a.answer(a.selfCheck))
		mux.HandleFunc("GET /control/report", a.makeReport)
		a.controlDeadLetters(mux)
		a.controlSources(mux)
		mux.HandleFunc("POST /v1/events", a.answer(a.takeEvents))
		mux.HandleFunc("POST /v1/directory/{kind}", a.takeDirectory)
		mux.HandleFunc("POST "+ingest.OutcomesPath, a.takeOutcomes)
	}
	server, err := control.Serve(a.cfg.Data, a.self, mux)
	if err != nil {
		return err
	}
	a.onStop("close the control socket", server.Close)
	return nil
}

// takeEvents is POST /v1/events for the owner: for any source, and with check=1 without taking anything.
func (a *app) takeEvents(r *http.Request) (any, error) {
	source := r.Header.Get(sourceHeader)
	if r.URL.Query().Get("check") == "1" {
		return a.door.Check(source, r.Body)
	}
	return a.door.Receive(r.Context(), source, r.Body)
}

// takeDirectory is POST /v1/directory/KIND for the owner. A strict refusal lists the wrong lines beside its error.
func (a *app) takeDirectory(w http.ResponseWriter, r *http.Request) {
	result, err := a.directory.Import(r.Context(), r.PathValue("kind"), r.Body, r.URL.Query().Get("strict") == "1")
	answerImport(w, result, err)
}

// takeOutcomes is POST /v1/outcomes for the owner, as CSV: for any source.
func (a *app) takeOutcomes(w http.ResponseWriter, r *http.Request) {
	result, err := a.outcomes.Import(r.Context(), r.Header.Get(sourceHeader), r.Body, true)
	answerImport(w, result, err)
}

// answerImport writes what became of a file.
func answerImport(w http.ResponseWriter, result ingest.Result, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err == nil {
		_ = json.NewEncoder(w).Encode(result)
		return
	}
	status, body := failure(err)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct {
		Error any `json:"error"`
		ingest.Result
	}{body, result})
}

// answer writes what a function returns as JSON.
func (a *app) answer(work func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		result, err := work(r)
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			status, body := failure(err)
			w.WriteHeader(status)
			result = map[string]any{"error": body}
		}
		_ = json.NewEncoder(w).Encode(result) // a command that has gone is told nothing
	}
}

// failure is the status and the error for the answer to a command. The one who asks owns the machine, so the cause is
// told, too.
func failure(err error) (status int, body any) {
	public := adoption.Public(err)
	status, message := http.StatusBadRequest, public.Message
	if public.Code == adoption.Internal {
		status, message = http.StatusInternalServerError, err.Error()
	}
	return status, map[string]string{"code": string(public.Code), "message": message, "field": public.Field}
}

func (a *app) migrationStates(r *http.Request) (any, error) {
	states, err := migrations.Status(r.Context(), a.db)
	if err != nil {
		return nil, err
	}
	all := make([]migrationState, len(states))
	for i, s := range states {
		all[i] = migrationState{s.Name, s.Applied}
	}
	return all, nil
}

func (a *app) createToken(r *http.Request) (any, error) {
	q := r.URL.Query()
	token, err := a.tokens.Create(r.Context(), ingest.Grant{
		Name: q.Get("name"), Kind: ingest.TokenKind(q.Get("kind")), Directory: q.Get("directory") == "true"})
	a.noteRights("token/"+q.Get("name")+" create "+q.Get("kind"), err)
	return map[string]string{"token": token}, err
}

// settledAnswer tells whether everything acknowledged is in the figures, and how far the work on it is, in days.
type settledAnswer struct {
	Settled     bool
	Done, Total int64
}

// settled waits a moment for the figures to settle before it says that they have not.
func (a *app) settled(r *http.Request) (any, error) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	for {
		settled, err := freshness{a}.Settled(r.Context())
		if err != nil {
			return nil, err
		}
		done, total := a.refresher.Progress()
		answer := settledAnswer{settled, int64(done), int64(total)}
		if settled {
			return answer, nil
		}
		select {
		case <-ctx.Done():
			return answer, nil
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// demoLine is a line of the answer while a demo company is made. The last one bears neither progress nor, when all is
// well, an error.
type demoLine struct {
	Done, Total int64
	Ready       bool
	Error       string
}

// makeDemo makes a demo company and tells of its progress as it goes.
func (a *app) makeDemo(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(a.alive, cancel)() // it may take minutes: an orderly end does not wait for it
	out := json.NewEncoder(w)
	flush := http.NewResponseController(w)
	w.Header().Set("Content-Type", "application/x-ndjson")
	var last time.Time
	err := a.demo.load(ctx, r.URL.Query().Get("preset"), true, func(done, total int64) {
		if time.Since(last) > 100*time.Millisecond {
			last = time.Now()
			_ = out.Encode(demoLine{Done: done, Total: total})
			_ = flush.Flush()
		}
	})
	if err != nil {
		_ = out.Encode(demoLine{Error: explain(err)})
		return
	}
	_ = out.Encode(demoLine{Ready: true})
}
