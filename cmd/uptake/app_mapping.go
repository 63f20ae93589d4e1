package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"time"

	"uptake/adoption"
	"uptake/cmd/uptake/config"
	"uptake/ingest"
	"uptake/ingest/mapping"
	"uptake/query"
)

// mappingsEvery is how often changed mapping files are looked for.
const mappingsEvery = 5 * time.Second

// loadMappings reads the mapping files. Mistakes in them are mistakes of the configuration.
func loadMappings(cfg *config.Config) (*mapping.Set, error) {
	dir, named := cfg.MappingsDir()
	if _, err := os.Stat(dir); named && errors.Is(err, fs.ErrNotExist) {
		return nil, config.Errors{fmt.Sprintf("mappings: there is no directory %s", dir)}
	}
	set, err := mapping.Load(dir)
	var mistakes mapping.Errors
	if errors.As(err, &mistakes) {
		return nil, config.Errors(mistakes)
	}
	return set, err
}

// openMappings reads the mapping files and keeps up with their changes.
func (a *app) openMappings() (err error) {
	if a.mappings, err = loadMappings(a.cfg); err != nil {
		return err
	}
	a.run("the reading of mappings", func(ctx context.Context) error {
		a.mappings.Watch(ctx, mappingsEvery, a.log)
		return nil
	})
	return nil
}

// controlSources answers `uptake source`.
func (a *app) controlSources(mux *http.ServeMux) {
	mux.HandleFunc("GET /control/sources", a.answer(a.sourceStates))
	mux.HandleFunc("POST /control/sources/test", a.previewEvents)
	mux.HandleFunc("POST /control/sources/remap", a.remapSource)
}

// sourceState is what is known of a source.
type sourceState struct {
	Source    string     `json:"source"`
	Tokens    int        `json:"tokens"`
	Directory bool       `json:"directory"`         // a token of it may change the directory
	Mapping   string     `json:"mapping,omitempty"` // path of its file
	LastEvent *time.Time `json:"last_event"`        // nil for none
	Names     uint64     `json:"unknown_names"`     // of the last 28 days
	Events    uint64     `json:"unknown_events"`    // under those names
}

// sourceStates lists all sources that have a token, a mapping, or events, by name.
func (a *app) sourceStates(r *http.Request) (any, error) {
	if _, err := a.mappings.Reload(); err != nil {
		return nil, err
	}
	trust, err := a.company.Trust(r.Context())
	if err != nil {
		return nil, err
	}
	all := map[string]*sourceState{}
	of := func(source string) *sourceState {
		if all[source] == nil {
			all[source] = &sourceState{Source: source, Mapping: a.mappings.Of(source).File()}
		}
		return all[source]
	}
	for _, grant := range a.tokens.List() {
		if grant.Kind == ingest.SourceToken {
			s := of(grant.Name)
			s.Tokens++
			s.Directory = s.Directory || grant.Directory
		}
	}
	for _, source := range a.mappings.Sources() {
		of(source)
	}
	for i := range trust.Sources {
		of(trust.Sources[i].Source).note(&trust.Sources[i])
	}
	list := []sourceState{}
	for _, s := range all {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(x, y sourceState) int {
		if x.Source < y.Source {
			return -1
		}
		return 1
	})
	return list, nil
}

func (s *sourceState) note(t *query.SourceTrust) {
	s.LastEvent, s.Names, s.Events = t.LastEvent, t.NamesTotal, t.UnknownEvents
}

// previewEvents tells, a line of JSON each, what the events of a body would become; the last line is an error, if the
// body could not be read to its end, and the first one says where the source has no token.
func (a *app) previewEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := json.NewEncoder(w)
	source := r.Header.Get(sourceHeader)
	if !slices.ContainsFunc(a.tokens.List(), func(g ingest.Grant) bool { return g.Kind == ingest.SourceToken && g.Name == source }) {
		_ = out.Encode(previewLine{NoToken: true})
	}
	_, err := a.mappings.Reload() // the file that was just saved counts
	if err == nil {
		err = a.door.Preview(r.Context(), source, r.URL.Query().Get("as"), r.Body, func(p ingest.Previewed) { _ = out.Encode(p) })
	}
	if err != nil {
		_ = out.Encode(previewLine{Error: explain(err)})
	}
}

// previewLine is a line of the answer to a preview.
type previewLine struct {
	ingest.Previewed
	NoToken bool   `json:"no_token,omitempty"` // no event: the source has no token, so that it cannot send
	Error   string `json:"error,omitempty"`
}

// remapLine is a line of the answer while stored events are given their meaning; the last one bears Result or Error.
type remapLine struct {
	Done, Total int
	Result      *ingest.Remapped
	Error       string
}

// remapSource gives the stored unknown events of a source the meaning that its mapping has for them now.
func (a *app) remapSource(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(a.alive, cancel)() // it may take minutes: an orderly end does not wait for it
	out, flush := json.NewEncoder(w), http.NewResponseController(w)
	w.Header().Set("Content-Type", "application/x-ndjson")
	result, err := a.remap(ctx, r.Header.Get(sourceHeader), func(done, total int) {
		_ = out.Encode(remapLine{Done: done, Total: total})
		_ = flush.Flush()
	})
	if err != nil {
		_ = out.Encode(remapLine{Error: explain(err)})
		return
	}
	_ = out.Encode(remapLine{Result: result})
}

func (a *app) remap(ctx context.Context, source string, done func(done, total int)) (*ingest.Remapped, error) {
	if _, err := a.mappings.Reload(); err != nil {
		return nil, err
	}
	dir, _ := a.cfg.MappingsDir()
	m := a.mappings.Of(source)
	if m.File() == "" {
		return nil, &adoption.Error{Code: adoption.NotFound, Message: fmt.Sprintf("There is no mapping of %s: write its rules into %s/%s.yaml first.", source, dir, source)}
	}
	if mistakes := a.mappings.Mistakes(); len(mistakes) > 0 {
		return nil, &adoption.Error{Code: adoption.Conflict, Message: "A mapping has mistakes, so nothing was changed:\n" + mistakes.Error()}
	}
	remapper := ingest.Remapper{DB: a.db, Touch: a.refresher, Zone: a.cfg.Timezone, Kept: a.cfg.Retention.FirstDay(a.today())}
	return remapper.Remap(ctx, source, m, done)
}
