package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"uptake/adoption"
	"uptake/dashboard"
	"uptake/ingest"
)

// controlDeadLetters answers `uptake dead-letters`.
func (a *app) controlDeadLetters(mux *http.ServeMux) {
	letters := ingest.NewDeadLetters(a.spool)
	mux.HandleFunc("GET /control/dead-letters", a.answer(func(r *http.Request) (any, error) {
		from, err := letterNumber(r, "from")
		if err != nil {
			return nil, err
		}
		return letters.List(r.Context(), from, ingest.MaxDeadLetters)
	}))
	mux.HandleFunc("GET /control/dead-letters/refused", a.answer(func(r *http.Request) (any, error) {
		return letters.Refused(r.Context(), ingest.MaxDeadLetters)
	}))
	mux.HandleFunc("GET /control/dead-letters/letter", a.answer(func(r *http.Request) (any, error) {
		number, err := letterNumber(r, "number")
		if err != nil {
			return nil, err
		}
		return letters.Show(r.Context(), number)
	}))
	mux.HandleFunc("POST /control/dead-letters/replay", a.answer(func(r *http.Request) (any, error) {
		if r.URL.Query().Get("all") == "true" {
			return letters.ReplayAll(r.Context())
		}
		number, err := letterNumber(r, "number")
		if err != nil {
			return nil, err
		}
		return letters.Replay(r.Context(), number)
	}))
	mux.HandleFunc("DELETE /control/dead-letters", a.answer(func(r *http.Request) (any, error) {
		if r.URL.Query().Get("all") == "true" {
			dropped, err := letters.DropAll(r.Context())
			return map[string]uint64{"dropped": dropped}, err
		}
		number, err := letterNumber(r, "number")
		if err != nil {
			return nil, err
		}
		return map[string]uint64{"dropped": 1}, letters.Drop(r.Context(), number)
	}))
}

// letterNumber is a parameter that names a dead letter; 0 where it is not given.
func letterNumber(r *http.Request, name string) (uint64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, adoption.Invalid(name, "The number of a dead letter is a whole number.")
	}
	return number, nil
}

// field is a line of what is shown of an event.
type field struct{ name, text string }

// eventFields are the fields of an event as terminal and page show them, in one order; "" for what it does not have.
func eventFields(e *ingest.LetterEvent) []field {
	when := e.Time.Format(time.DateTime + " UTC")
	if e.DateOnly {
		when = e.Time.Format(time.DateOnly)
	}
	fields := []field{
		{"source", e.Source}, {"tool", e.Tool}, {"action", e.Action}, {"class", e.Class}, {"time", when}, {"quantity", fmt.Sprint(e.Quantity)},
		{"object", e.Object}, {"object_type", e.ObjectType}, {"container", e.Container}, {"counterparts", unlessZero(e.Counterparts)},
		{"duration_s", unlessZero(int(e.Duration))},
	}
	for _, name := range slices.Sorted(maps.Keys(e.Attributes)) {
		fields = append(fields, field{"attribute " + name, e.Attributes[name]})
	}
	return append(fields, field{"actor", e.Actor}, field{"id", e.ID}, field{"received", e.Received.Format(time.DateTime + " UTC")})
}

func unlessZero(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// deadLetterBox shows the dead letters on the page.
type deadLetterBox struct{ letters *ingest.DeadLetters }

func (b deadLetterBox) Count(ctx context.Context) (uint64, error) { return b.letters.Count(ctx) }

func (b deadLetterBox) Refused(ctx context.Context, n int) ([]dashboard.RefusedEvents, error) {
	list, err := b.letters.Refused(ctx, n)
	out := make([]dashboard.RefusedEvents, len(list))
	for i, of := range list {
		out[i] = dashboard.RefusedEvents{Time: of.Time, Source: of.Source, More: of.More}
		for _, e := range of.Events {
			out[i].Events = append(out[i].Events, dashboard.RefusedEvent(e))
		}
	}
	return out, err
}

func (b deadLetterBox) List(ctx context.Context, from uint64, n int) (dashboard.DeadLetterList, error) {
	list, err := b.letters.List(ctx, from, n)
	if err != nil {
		return dashboard.DeadLetterList{}, err
	}
	out := dashboard.DeadLetterList{Next: list.Next, Total: list.Total}
	for _, l := range list.Letters {
		out.Letters = append(out.Letters, letterOf(l))
	}
	return out, nil
}

func (b deadLetterBox) Show(ctx context.Context, number uint64) (dashboard.DeadLetter, error) {
	content, err := b.letters.Show(ctx, number)
	if err != nil {
		return dashboard.DeadLetter{}, err
	}
	letter := letterOf(content.DeadLetter)
	for i := range content.Content {
		var event []dashboard.DeadLetterField
		for _, f := range eventFields(&content.Content[i]) {
			if f.text != "" {
				event = append(event, dashboard.DeadLetterField{Name: f.name, Text: f.text})
			}
		}
		letter.Content = append(letter.Content, event)
	}
	return letter, nil
}

func letterOf(l ingest.DeadLetter) dashboard.DeadLetter {
	return dashboard.DeadLetter{Number: l.Number, Time: l.Time, Reason: l.Reason, Events: l.Events, Replayable: l.Events > 0 || l.Note, Sources: strings.Join(l.Sources, ", "), Bytes: l.Bytes}
}

// Replay and Drop take 0 for all.
func (b deadLetterBox) Replay(ctx context.Context, number uint64) (events, kept int, err error) {
	var back ingest.Replayed
	if number == 0 {
		back, err = b.letters.ReplayAll(ctx)
	} else {
		back, err = b.letters.Replay(ctx, number)
	}
	return back.Events, back.Kept, err
}

func (b deadLetterBox) Drop(ctx context.Context, number uint64) (dropped int, err error) {
	if number == 0 {
		all, err := b.letters.DropAll(ctx)
		return int(all), err
	}
	return 1, b.letters.Drop(ctx, number)
}
