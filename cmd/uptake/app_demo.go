package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"uptake/adoption"
	"uptake/clickhouse"
	"uptake/cmd/uptake/config"
	"uptake/ingest"
	"uptake/ingest/refresh"
	"uptake/ingest/source/demo"
	"uptake/migrations"
	"uptake/query"
)

// demoDatabase is where the demo company lives, apart from everything real.
const demoDatabase = "uptake_demo"

// demoState is what is remembered of the demo company, in DATA/demo.json. It is written when the demo is complete, so
// a demo whose making was broken off is made anew.
type demoState struct {
	Preset  string       `json:"preset"`
	LastDay adoption.Day `json:"last_day"`
	Asked   bool         `json:"asked"` // by `uptake demo`: shown whatever UPTAKE_DEMO says, unless it says off
	Left    string       `json:"left"`  // the preset that was left by a click: UPTAKE_DEMO does not bring it back
}

// demoHouse keeps the demo company: makes it, shows it, leaves it.
type demoHouse struct {
	a    *app
	file string

	one   sync.Mutex // held while the demo is made or dropped
	mu    sync.Mutex // guards the fields below
	state demoState
	show  *demoShow // nil: none is shown
	done  int64     // of the demo being made
	total int64     // 0: none is being made
	began time.Time // the making of it
}

// demoShow is a complete demo company and what keeps its figures up to date.
type demoShow struct {
	db        *clickhouse.DB
	refresher *refresh.Refresher
	company   *query.Company
	end       func() // ends the refresher's loop and closes db
}

func openDemoHouse(_ context.Context, a *app) (*demoHouse, error) {
	h := &demoHouse{a: a, file: filepath.Join(a.cfg.Data, "demo.json")}
	text, err := os.ReadFile(h.file)
	if err == nil {
		err = json.Unmarshal(text, &h.state)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read what is known of the demo company: %w", err)
	}
	a.onStop("close the demo company", func(context.Context) error { h.hide(); return nil })
	return h, nil
}

// wanted is the preset that `serve` shows, "" for none.
func (h *demoHouse) wanted() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch configured := string(h.a.cfg.Demo); {
	case h.a.cfg.Demo == config.DemoOff:
		return ""
	case h.state.Asked:
		return h.state.Preset
	case configured == h.state.Left:
		return ""
	default:
		return configured
	}
}

// open shows the demo that the configuration wants: the one that is there, if it is of the right preset and reaches up
// to yesterday, else a new one. progress is told while one is made.
func (h *demoHouse) open(ctx context.Context, progress func(done, total int64)) error {
	preset := h.wanted()
	if preset == "" {
		if h.a.cfg.Demo == config.DemoOff {
			return h.drop(ctx)
		}
		return nil
	}
	h.mu.Lock()
	state := h.state
	h.mu.Unlock()
	if state.Preset == preset && state.LastDay >= h.a.today()-1 {
		h.one.Lock()
		defer h.one.Unlock()
		show, err := h.reopen(ctx, preset)
		if err == nil {
			h.reveal(show)
		}
		return err
	}
	return h.load(ctx, preset, state.Asked, progress)
}

// load makes a demo company anew and shows it. asked: by `uptake demo`.
func (h *demoHouse) load(ctx context.Context, preset string, asked bool, progress func(done, total int64)) (err error) {
	h.one.Lock()
	defer h.one.Unlock()
	h.setProgress(0, 1)
	defer h.setProgress(0, 0)
	h.hide()
	if err := h.remember(demoState{}); err != nil {
		return err
	}
	if err := h.dropDatabase(ctx); err != nil {
		return err
	}
	show, err := h.reopen(ctx, preset)
	if err != nil {
		return err
	}
	lastDay := h.a.today() - 1
	pseudonyms := ingest.NewPseudonymiser(h.a.secret)
	target := demo.Target{DB: show.db, Refresher: show.refresher, Zone: h.a.cfg.Timezone, Pseudonyms: pseudonyms,
		Directory: ingest.NewDirectory(show.db, show.refresher, pseudonyms, h.a.cfg.Timezone)}
	err = demo.Load(ctx, target, demo.Preset(preset), lastDay, func(done, total int64) {
		h.setProgress(done, total)
		progress(done, total)
	})
	if err == nil {
		err = show.enter(ctx, h.a.cfg.Timezone, demo.Preset(preset), lastDay)
	}
	if err == nil {
		err = h.remember(demoState{Preset: preset, LastDay: lastDay, Asked: asked})
	}
	if err != nil {
		show.end()
		return fmt.Errorf("make the demo company: %w", err)
	}
	h.reveal(show)
	return nil
}

// reopen opens the demo's database.
func (h *demoHouse) reopen(ctx context.Context, preset string) (*demoShow, error) {
	db, err := h.a.db.Use(ctx, demoDatabase)
	if err != nil {
		return nil, err
	}
	if err := migrations.Up(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &demoShow{db: db, refresher: refresh.New(refresh.Config{DB: db, Zone: h.a.cfg.Timezone, Log: h.a.log.With("company", "demo")})}
	if err := s.refresher.Look(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.company = &query.Company{DB: db, Zone: h.a.cfg.Timezone, Year: h.a.cfg.FiscalYear, MinGroup: h.a.cfg.MinGroup, Demo: preset, Freshness: demoFreshness{h.a, s.refresher}}
	s.end = func() { _ = db.Close() } // nothing of the demo can be lost that is not made anew
	return s, nil
}

// reveal shows a complete demo, keeps its figures up to date from now on and, in a server, checks them.
func (h *demoHouse) reveal(show *demoShow) {
	loop, cancel := context.WithCancel(context.Background())
	var loops sync.WaitGroup
	loops.Go(func() {
		if err := show.refresher.Run(loop); err != nil && loop.Err() == nil {
			h.a.log.Error("the demo's figures are no longer computed", "error", err)
		}
	})
	if h.a.self.Serves {
		loops.Go(func() { _ = show.company.KeepChecking(loop, h.a.log.With("company", "demo")) }) // ends with loop and in no other way
	}
	closeDB := show.end
	show.end = func() {
		cancel()
		loops.Wait()
		closeDB()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.show = show
}

// leave ends the demo for good: UPTAKE_DEMO does not bring this preset back, `uptake demo` does.
func (h *demoHouse) leave(ctx context.Context) error {
	h.one.Lock()
	defer h.one.Unlock()
	h.mu.Lock()
	preset := h.state.Preset
	h.mu.Unlock()
	h.hide()
	if err := h.remember(demoState{Left: preset}); err != nil {
		return err
	}
	return h.dropDatabase(ctx)
}

// drop removes a demo that the configuration no longer wants.
func (h *demoHouse) drop(ctx context.Context) error {
	h.one.Lock()
	defer h.one.Unlock()
	h.mu.Lock()
	there := h.state.Preset != ""
	h.mu.Unlock()
	if !there {
		return nil
	}
	h.hide()
	if err := h.remember(demoState{}); err != nil {
		return err
	}
	return h.dropDatabase(ctx)
}

// dropDatabase waits for the drop: a demo that is made anew right after it must not find the old one's files.
func (h *demoHouse) dropDatabase(ctx context.Context) error {
	if err := h.a.db.Exec(ctx, "DROP DATABASE IF EXISTS "+demoDatabase+" SYNC"); err != nil {
		return fmt.Errorf("drop the demo company: %w", err)
	}
	return nil
}

func (h *demoHouse) remember(state demoState) error {
	text, err := json.Marshal(state)
	if err == nil {
		err = replaceFile(h.file, string(text)+"\n")
	}
	if err != nil {
		return fmt.Errorf("remember the demo company: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state = state
	return nil
}

// hide stops showing the demo. Pages that are being made of it may fail; they are asked for again.
func (h *demoHouse) hide() {
	h.mu.Lock()
	show := h.show
	h.show = nil
	h.mu.Unlock()
	if show != nil {
		show.end()
	}
}

// shown is the demo company, nil if none is shown.
func (h *demoHouse) shown() *query.Company {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.show == nil {
		return nil
	}
	return h.show.company
}

func (h *demoHouse) setProgress(done, total int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.total == 0 {
		h.began = time.Now()
	}
	h.done, h.total = done, total
}

func (h *demoHouse) progress() (done, total int64, began time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.done, h.total, h.began
}

func (h *demoHouse) loading() bool {
	_, total, _ := h.progress()
	return total > 0
}

// demoFreshness: while the demo is shown, real events are still acknowledged, so both must be settled.
type demoFreshness struct {
	a    *app
	demo *refresh.Refresher
}

func (f demoFreshness) Settled(ctx context.Context) (bool, error) {
	if settled, err := (freshness{f.a}).Settled(ctx); err != nil || !settled {
		return false, err
	}
	return f.demo.Settled(ctx)
}

func (f demoFreshness) AsOf() time.Time { return f.demo.AsOf() }
