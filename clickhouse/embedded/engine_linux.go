//go:build linux && (amd64 || arm64)

package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Engine is a handle on the one engine of this process. Handles are counted:
// the engine ends with the last of them.
type Engine struct {
	*engine
	closeOnce sync.Once
	closeErr  error
}

// engine is what all handles share.
type engine struct {
	path    string
	backups string
	lock    *os.File
	version string
	hello   []byte
	pool    *pool
	drain   time.Duration
	handles int // guarded by running
	writes  writes
}

// writes counts the statements that may write, which are all but those whose answer can be streamed.
type writes struct{ begun, ended atomic.Uint64 }

func (w *writes) begin() (end func()) {
	w.begun.Add(1)
	return func() { w.ended.Add(1) }
}

// Writes is how many statements that may write have begun since the engine was started; quiet tells that none of them is
// under way. Between two calls that say the same, and quiet, nothing was written: nobody else has the directory.
func (e *engine) Writes() (n uint64, quiet bool) {
	ended := e.writes.ended.Load() // before begun, which is never less: where both are the same, nothing was under way
	n = e.writes.begun.Load()
	return n, n == ended
}

var running = struct {
	sync.Mutex
	engine *engine
}{}

// Open starts the engine on a storage directory, which is created if missing, or
// returns a further handle if it already runs there. It returns [ErrLocked],
// [ErrOtherPath], [ErrNoLibrary], [ErrLibrary], [ErrPlatform] or [ErrStart].
func Open(ctx context.Context, dir string, options Options) (*Engine, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path, err := realPath(dir)
	if err != nil {
		return nil, err
	}
	running.Lock()
	defer running.Unlock()
	if e := running.engine; e != nil {
		if e.path != path {
			return nil, fmt.Errorf("%w: %s", ErrOtherPath, e.path)
		}
		e.handles++
		return &Engine{engine: e}, nil
	}
	e, err := start(path, options)
	if err != nil {
		return nil, err
	}
	e.handles = 1
	running.engine = e
	return &Engine{engine: e}, nil
}

// realPath makes the directory and returns the one name it has, so that two ways
// to write it are not taken for two engines.
func realPath(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", fmt.Errorf("create the storage directory: %w", err)
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the storage directory: %w", err)
	}
	return filepath.EvalSymlinks(path)
}

func start(path string, options Options) (*engine, error) {
	api, err := loadLibrary()
	if err != nil {
		return nil, err
	}
	lock, err := lockDirectory(path)
	if err != nil {
		return nil, err
	}
	config, err := writeConfig(path, &options)
	if err != nil {
		lock.Close()
		return nil, err
	}
	e := &engine{path: path, backups: options.BackupDir, lock: lock, drain: options.DrainTimeout}
	e.pool = newPool(api, []string{"uptake", "--path=" + path, "--config-file=" + config}, options)
	if err := e.greet(); err != nil {
		err = startError(path, err)
		e.pool.close()
		lock.Close()
		return nil, err
	}
	return e, nil
}

// greet opens the first connection, which starts the engine, and learns its version.
func (e *engine) greet() error {
	lease, err := e.pool.lease(context.Background(), "")
	if err != nil {
		return err
	}
	defer lease.release()
	version, err := lease.run("SELECT version()", "TSVRaw", nil)
	if err != nil {
		return err
	}
	e.version = strings.TrimSpace(string(version))
	e.hello, err = hello(e.version)
	return err
}

// lockName is a lock of our own beside the engine's. The engine tells a locked
// directory from any other failure only on standard error.
const lockName = ".uptake.lock"

func lockDirectory(path string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the storage directory: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder := make([]byte, 32)
		n, _ := lock.ReadAt(holder, 0)
		lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s, by process %s", ErrLocked, path, strings.TrimSpace(string(holder[:n])))
		}
		return nil, fmt.Errorf("lock the storage directory: %w", err)
	}
	// Only for the message above: failing to write it changes nothing.
	_ = lock.Truncate(0)
	_, _ = lock.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return lock, nil
}

// InUse tells whether a process has the engine open on this storage directory.
func InUse(dir string) bool {
	lock, err := os.Open(filepath.Join(dir, lockName))
	if err != nil {
		return false
	}
	defer lock.Close()
	return errors.Is(syscall.Flock(int(lock.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}

// startError adds why the engine did not start, as far as it can be seen from outside.
func startError(path string, err error) error {
	// Another program (a chdb of someone's own) that holds the engine's lock and not ours.
	if status, openErr := os.Open(filepath.Join(path, "status")); openErr == nil {
		defer status.Close()
		if errors.Is(syscall.Flock(int(status.Fd()), syscall.LOCK_EX|syscall.LOCK_NB), syscall.EWOULDBLOCK) {
			return fmt.Errorf("%w: %s", ErrLocked, path)
		}
	}
	var stat syscall.Statfs_t
	if syscall.Statfs(path, &stat) == nil && stat.Bavail*uint64(stat.Bsize) < 1<<20 {
		return fmt.Errorf("%w in %s: %w", ErrStart, path, syscall.ENOSPC)
	}
	return fmt.Errorf("%w in %s: %w", ErrStart, path, err)
}

// BackupDir is the only directory that backups may be written to.
func (e *Engine) BackupDir() string { return e.backups }

// Version is ClickHouse's, such as "26.7.3.1".
func (e *Engine) Version() string { return e.version }

// Close gives the handle back. With the last one the engine ends: new statements
// get [ErrClosed], running ones have the drain timeout and are then killed.
func (e *Engine) Close() error {
	e.closeOnce.Do(func() {
		running.Lock()
		defer running.Unlock()
		e.handles--
		if e.handles > 0 {
			return
		}
		running.engine = nil
		e.pool.drain(e.drain)
		e.pool.close()
		e.closeErr = e.lock.Close()
	})
	return e.closeErr
}
