package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Client asks the holder of a data directory.
type Client struct {
	Holder Holder
	http   *http.Client
}

// ErrGone says that the holder ended, or is ending, before it took the request: another one can be asked.
var ErrGone = errors.New("the process that held the data directory has ended")

// errSilent: nobody answers at the socket, or there is none.
var errSilent = errors.New("no process answers at the control socket")

// dial finds the holder of dir. errSilent when none answers.
func dial(ctx context.Context, dir string) (*Client, error) {
	path, err := readPointer(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errSilent
	}
	if err != nil {
		return nil, fmt.Errorf("find the control socket: %w", err)
	}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
		// A kept connection may be closed under a request by a holder that ends. Then nobody could tell whether the
		// request was taken. A new connection either reaches a holder or does not.
		DisableKeepAlives: true,
	}
	c := &Client{http: &http.Client{Transport: transport}}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://uptake"+HelloPath, nil)
	if err != nil {
		return nil, err
	}
	response, err := c.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSilent, err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&c.Holder); err != nil {
		return nil, fmt.Errorf("%w: %w", errSilent, err)
	}
	return c, nil
}

// Do sends a request to the holder; only path and query of its address matter. ErrGone when the holder surely did not
// take it.
func (c *Client) Do(request *http.Request) (*http.Response, error) {
	response, err := c.http.Do(request)
	switch {
	case err != nil && notConnected(err):
		return nil, fmt.Errorf("%w: %w", ErrGone, err)
	case err != nil:
		return nil, err
	case response.Header.Get(drainingHeader) != "":
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		return nil, ErrGone
	}
	return response, nil
}

// notConnected tells whether a request failed before anybody could have read it.
func notConnected(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial" &&
		(errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNRESET))
}

// silence is how long a living holder may leave its socket unanswered: it is starting (a large spool is read) or ending.
const silence = 2 * time.Minute

// LastBreath is how long what a process held may outlive it: after a kill the kernel gives its locks, memory and ports back one
// after the other, and a supervisor starts the next one meanwhile.
const LastBreath = 3 * time.Second

// Attach finds the holder of dir, or takes the lock for self. Exactly one of client and lock is set. While another
// process starts or ends, it waits; waiting, if not nil, is told once for whom. accept says which holders to ask;
// others are waited for without a limit but ctx; nil accepts all. One that serves waits for another that serves and does
// not answer only until LastBreath is over: then it is a *HeldError.
func Attach(ctx context.Context, dir string, self Holder, accept func(Holder) bool, waiting func(Holder)) (*Client, *Lock, error) {
	told, begun, quietSince := false, time.Now(), time.Now()
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		client, err := dial(ctx, dir)
		answered := err == nil
		if answered && (accept == nil || accept(client.Holder)) {
			return client, nil, nil
		}
		if err != nil && !errors.Is(err, errSilent) {
			return nil, nil, err
		}
		lock, err := TryLock(dir, self)
		if err == nil {
			return nil, lock, nil
		}
		var held *HeldError
		if !errors.As(err, &held) || self.Serves && held.Holder.Serves && time.Since(begun) > LastBreath {
			return nil, nil, err
		}
		if answered {
			quietSince = time.Now()
		}
		if time.Since(quietSince) > silence {
			return nil, nil, fmt.Errorf("%w, and it has not answered at its control socket for %s. Stop it and try again", held, silence)
		}
		if waiting != nil && !told && pause >= 250*time.Millisecond {
			waiting(held.Holder)
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, nil, fmt.Errorf("wait for %s: %w", held.Holder, ctx.Err())
		case <-time.After(pause):
		}
	}
}
