//go:build linux && (amd64 || arm64)

package embedded

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// maxIdle connections stay open between statements; each costs some hundred kilobytes.
const maxIdle = 16

// pool holds the connections. It grows with the number of statements that run at
// once, so that whoever reads one result while asking for the next never waits
// for himself.
type pool struct {
	api      *capi
	args     []string
	settings map[string]string
	slots    chan struct{} // one for each statement that runs
	closing  chan struct{}

	mu     sync.Mutex
	idle   []*conn
	opened int
	active map[*lease]struct{}

	controlMu sync.Mutex
	control   *conn // kills statements; never leased, so that it is never busy
}

func newPool(api *capi, args []string, options Options) *pool {
	return &pool{
		api: api, args: args, settings: baseSettings(options),
		slots:   make(chan struct{}, options.MaxConnections),
		closing: make(chan struct{}),
		active:  map[*lease]struct{}{},
	}
}

// lease is a connection in someone's hands. Release it exactly once. Its context
// ends with the one it was asked for with, with cancel, or when the pool closes.
type lease struct {
	*conn
	pool   *pool
	ctx    context.Context
	cancel context.CancelCauseFunc
	broken bool // the session cannot be trusted: close it instead of keeping it
}

// lease waits for a slot, as long as ctx allows, and returns a connection, if
// possible one that already is on the database.
func (p *pool) lease(ctx context.Context, database string) (*lease, error) {
	select {
	case <-p.closing:
		return nil, ErrClosed
	default:
	}
	select {
	case p.slots <- struct{}{}:
	case <-p.closing:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := p.take(database)
	if err != nil {
		<-p.slots
		return nil, err
	}
	l := &lease{conn: c, pool: p}
	l.ctx, l.cancel = context.WithCancelCause(ctx)
	p.mu.Lock()
	p.active[l] = struct{}{}
	p.mu.Unlock()
	select {
	case <-p.closing: // meanwhile: drain may have looked at active before
		l.release()
		return nil, ErrClosed
	default:
		return l, nil
	}
}

func (p *pool) take(database string) (*conn, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		best := n - 1
		for i := n - 1; i >= 0; i-- {
			if p.idle[i].database == database {
				best = i
				break
			}
		}
		c := p.idle[best]
		p.idle = slices.Delete(p.idle, best, best+1)
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	return p.open()
}

func (p *pool) open() (*conn, error) {
	handle := p.api.open(p.args)
	if handle == 0 {
		return nil, fmt.Errorf("%w: no connection", ErrStart)
	}
	p.mu.Lock()
	p.opened++
	tag := "uptake-" + strconv.Itoa(p.opened) + " "
	p.mu.Unlock()
	c := &conn{api: p.api, handle: handle, tag: tag, base: maps.Clone(p.settings), settings: map[string]string{}}
	c.base[tagSetting] = tag
	if err := c.prepare("", nil); err != nil {
		p.api.close(handle)
		return nil, err
	}
	return c, nil
}

// release gives the connection back, or closes it if its session cannot be trusted.
func (l *lease) release() {
	p := l.pool
	l.cancel(nil)
	p.mu.Lock()
	delete(p.active, l)
	keep := !l.broken && len(p.idle) < maxIdle
	if keep {
		p.idle = append(p.idle, l.conn)
	}
	p.mu.Unlock()
	if !keep {
		p.api.close(l.handle)
	}
	<-p.slots
}

// kill asks the engine to end what runs on the connection with this tag. It
// returns at once, the statement fails a little later; if there is none, nothing happens.
func (p *pool) kill(tag string) {
	p.controlMu.Lock()
	defer p.controlMu.Unlock()
	if p.control == nil {
		c, err := p.open()
		if err != nil {
			return // the next attempt tries again
		}
		p.control = c
	}
	_, _ = p.control.run(killStatement(tag), "Null", nil)
}

// drain refuses new statements, waits for the running ones, and ends those that
// outlast patience. It returns when none is left: closing a connection under a
// running statement would abort the process.
func (p *pool) drain(patience time.Duration) {
	close(p.closing)
	impatient := time.AfterFunc(patience, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for l := range p.active {
			l.cancel(ErrClosed)
		}
	})
	defer impatient.Stop()
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
}

// close closes every connection; none may be leased. With the last one the engine ends.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		p.api.close(c.handle)
	}
	p.idle = nil
	p.controlMu.Lock()
	defer p.controlMu.Unlock()
	if p.control != nil {
		p.api.close(p.control.handle)
		p.control = nil
	}
}
