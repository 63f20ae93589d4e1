package main

import (
	"container/list"
	"math"
	"net"
	"net/http"
	"sync"
	"syscall"
)

const (
	// connectionShare of the files that the process may have open is for connections; the others belong to the spool
	// and to the engine, which open and close theirs as they work.
	connectionShare = 4
	leastOpen       = 16
	mostOpen        = 8192
)

// connectionBound is how many connections may be open at a time. Go has raised the process's limit of open files to
// the highest that it may have before main began.
func connectionBound() int {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil || files.Cur > math.MaxInt32 {
		return mostOpen
	}
	return min(max(int(files.Cur)/connectionShare, leastOpen), mostOpen)
}

// connections is a listener with a bound. At the bound a new connection takes the place of the one that has been idle
// for longest, so that hundreds that say nothing keep nobody out; where all are at work, it waits in the queue of the
// system. Its noteState must be the server's ConnState.
type connections struct {
	net.Listener
	bound int

	mu     sync.Mutex
	change *sync.Cond // open, idle or closed has changed
	open   int
	idle   *list.List // of *connection, the longest idle first
	closed bool
}

// A connection is one that counts.
type connection struct {
	net.Conn
	owner *connections
	once  sync.Once
	place *list.Element // in idle, nil while a request is being worked on
}

func boundConnections(l net.Listener, bound int) *connections {
	c := &connections{Listener: l, bound: bound, idle: list.New()}
	c.change = sync.NewCond(&c.mu)
	return c
}

// Accept waits for a connection, and for room for it.
func (c *connections) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if !c.makeRoom() {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	return &connection{Conn: conn, owner: c}, nil
}

// makeRoom counts one more connection as soon as the bound allows it; false: the listener was closed.
func (c *connections) makeRoom() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.open >= c.bound && !c.closed {
		oldest := c.idle.Front()
		if oldest == nil {
			c.change.Wait()
			continue
		}
		conn := c.idle.Remove(oldest).(*connection)
		conn.place = nil
		c.mu.Unlock()
		_ = conn.Close()
		c.mu.Lock()
	}
	if c.closed {
		return false
	}
	c.open++
	return true
}

// Close ends the listener, and a waiting Accept with it.
func (c *connections) Close() error {
	c.mu.Lock()
	c.closed = true
	c.change.Broadcast()
	c.mu.Unlock()
	return c.Listener.Close()
}

// noteState keeps the list of idle connections.
func (c *connections) noteState(conn net.Conn, state http.ConnState) {
	known, ok := conn.(*connection)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known.place != nil {
		c.idle.Remove(known.place)
		known.place = nil
	}
	if state == http.StateNew || state == http.StateIdle {
		known.place = c.idle.PushBack(known)
		c.change.Broadcast()
	}
}

// Close closes the connection and makes its room free.
func (c *connection) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		c.owner.mu.Lock()
		defer c.owner.mu.Unlock()
		c.owner.open--
		c.owner.change.Broadcast()
	})
	return err
}
