package dashboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"uptake/adoption"
)

// part is one section of a page: what it shows, or the sentence that says why it cannot.
type part[T any] struct {
	View   T
	Failed string
	err    error // what Failed says in words
}

// parts gets the sections of a page side by side. One that fails says so in its place; the others are drawn.
type parts struct {
	d   *reader
	ctx context.Context // lives as long as the one request that it is made for
	wg  sync.WaitGroup
}

func (d *reader) parts(ctx context.Context) *parts { return &parts{d: d, ctx: ctx} }

// get starts asking for a section. Read the result after wait.
func get[T any](ps *parts, name string, ask func(ctx context.Context) (T, error)) *part[T] {
	result := &part[T]{}
	ps.d.steps.plan(1)
	ps.wg.Go(func() {
		defer ps.d.steps.did()
		defer func() {
			if cause := recover(); cause != nil {
				ps.d.cfg.Log.Error("a section panicked", "section", name, "cause", cause, "stack", string(debug.Stack()))
				result.Failed = ps.d.words.text("part.failed")
				result.err = fmt.Errorf("panic: %v", cause)
			}
		}()
		view, err := ask(ps.ctx)
		if err != nil {
			result.Failed, result.err = ps.d.sectionError(name, err), err
			return
		}
		result.View = view
	})
	return result
}

func (ps *parts) wait() { ps.wg.Wait() }

// sectionError is what a section says in place of its figures. Errors of the domain are meant for the reader.
func (d *reader) sectionError(name string, err error) string {
	if errors.Is(err, context.Canceled) {
		return d.words.text("part.failed")
	}
	d.cfg.Log.Error("a section failed", slog.String("section", name), slog.Any("error", err))
	if errors.Is(err, context.DeadlineExceeded) {
		return d.words.text("part.slow")
	}
	if code := adoption.CodeOf(err); code != adoption.Internal {
		return d.errorView(adoption.Public(err)).Message
	}
	return d.words.text("part.failed")
}
