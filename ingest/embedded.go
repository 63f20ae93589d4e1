package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"uptake/adoption"
)

const (
	// healthEvery is how often the embedded server is asked for its health; an error that it logs makes it be asked at
	// once.
	healthEvery = 2 * time.Second
	// reviveEvery is how often it is tried whether the disk takes writes again.
	reviveEvery = time.Second
	// probeSize must fit onto the disk before the server is started again: a few of the largest messages.
	probeSize = 16 << 20
	probeFile = "probe"
	// failedWrite is how the server calls the failed write that ends a stream, in the text of its health.
	failedWrite = "write error"
)

// errDiskBroken answers while the spool cannot be written to.
var errDiskBroken = &adoption.Error{Code: adoption.Unavailable, Message: "The spool's disk takes no writes. What was acknowledged is safe, and the spool is opened again as soon as its disk takes writes. " +
	"Send the request again later; what of it was taken nevertheless counts once."}

// embedded is the NATS server inside this process. One whose stream could not write, because the disk is full or
// fails, never writes again, and leaves who publishes without an answer. So it is watched, and started anew on the same
// folder when the disk takes writes again. What it had acknowledged is there again; the connection to it finds the new
// one by itself.
type embedded struct {
	cfg  SpoolConfig
	wake chan struct{} // holds one: look at the health now
	stop chan struct{}
	done chan struct{}

	mu     sync.Mutex
	server *server.Server
	well   context.Context // ends when the server breaks
	ail    context.CancelFunc
}

// startEmbedded starts a server on cfg.Dir, and to watch it.
func startEmbedded(cfg SpoolConfig) (*embedded, error) {
	e := &embedded{cfg: cfg, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	if err := e.start(); err != nil {
		return nil, err
	}
	go e.watch()
	return e, nil
}

// start runs NATS inside this process: no port, fsync with every write.
func (e *embedded) start() error {
	if err := os.MkdirAll(e.cfg.Dir, 0o700); err != nil {
		return fmt.Errorf("making the folder of the spool: %w", err)
	}
	dir, err := filepath.Abs(e.cfg.Dir)
	if err != nil {
		return fmt.Errorf("finding the folder of the spool: %w", err)
	}
	// A process that ended while it probed the disk has left this.
	if err := os.Remove(filepath.Join(dir, probeFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("clearing the folder of the spool: %w", err)
	}
	last, begun := findLastWrite(dir)
	ns, err := server.NewServer(&server.Options{
		ServerName:             "uptake",
		DontListen:             true,
		JetStream:              true,
		StoreDir:               dir,
		JetStreamMaxStore:      1 << 60, // each stream has its own bound; a sum of them here would refuse to shrink one
		JetStreamMaxMemory:     64 << 20,
		SyncAlways:             true,
		MaxPayload:             maxMessage,
		NoSigs:                 true, // the signals are those of the program
		NoLog:                  true,
		DisableJetStreamBanner: true,
	})
	if err != nil {
		return fmt.Errorf("making the embedded spool: %w", err)
	}
	ns.SetLoggerV2(serverLog{e.cfg.Log, e.wake}, false, false, false)
	ns.Start()
	if !ns.ReadyForConnections(serverStart) || !ns.JetStreamEnabled() {
		ns.Shutdown()
		ns.WaitForShutdown()
		return fmt.Errorf("the embedded spool in %s did not start; the log says why", dir)
	}
	if begun {
		last.tell(e.cfg.Log)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.server = ns
	e.well, e.ail = context.WithCancel(context.Background())
	return nil
}

// InProcessConn connects to the server that runs at this moment. It makes embedded what nats.InProcessServer wants.
func (e *embedded) InProcessConn() (net.Conn, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.server.InProcessConn()
}

// health is nil while the server writes what it is given. Other things that it calls unhealthy pass by themselves: that
// it did not answer within a millisecond, or that a stream is being made at this moment.
func (e *embedded) health() error {
	for _, ill := range e.server.Healthz(&server.HealthzOptions{Details: true}).Errors {
		disabled := ill.Type == server.HealthzErrorJetStream // as after a write that was not permitted
		if disabled || ill.Type == server.HealthzErrorStream && strings.Contains(ill.Error, failedWrite) {
			return errors.New(ill.Error)
		}
	}
	return nil
}

// wellness is a context that ends when the server breaks.
func (e *embedded) wellness() context.Context {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.well
}

// watch looks after the server until close. Only this goroutine replaces it.
func (e *embedded) watch() {
	defer close(e.done)
	for {
		select {
		case <-e.stop:
			return
		case <-e.wake:
		case <-time.After(healthEvery):
		}
		why := e.health()
		if why == nil {
			continue
		}
		e.cfg.Log.Error("the spool takes no events until its disk takes writes again; what was acknowledged is safe", "error", why)
		e.ail()
		if !e.revive() {
			return
		}
		e.cfg.Log.Info("the spool takes events again")
	}
}

// revive starts the server anew as soon as the disk takes writes, false: close came first.
func (e *embedded) revive() bool {
	for {
		select {
		case <-e.stop:
			return false
		case <-time.After(reviveEvery):
		}
		if err := e.probe(); err != nil {
			continue
		}
		e.shutdown()
		err := e.start()
		if err == nil {
			return true
		}
		e.cfg.Log.Error("the spool could not be opened again yet", "error", err)
	}
}

// probe tells whether the disk takes writes.
func (e *embedded) probe() (err error) {
	f, err := os.Create(filepath.Join(e.cfg.Dir, probeFile))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	// Zeros are enough: no file system that matters here leaves them out unless it is told to.
	if _, err = f.Write(make([]byte, probeSize)); err != nil {
		return err
	}
	return f.Sync()
}

func (e *embedded) shutdown() {
	e.server.Shutdown()
	e.server.WaitForShutdown()
}

// close ends the server.
func (e *embedded) close() {
	close(e.stop)
	<-e.done
	e.ail()
	e.shutdown()
}

// whole is nil unless the server inside is broken.
func (s *Spool) whole() error {
	if s.server != nil && s.server.wellness().Err() != nil {
		return errDiskBroken
	}
	return nil
}

// whileWell is ctx, ended early when the server inside breaks: it leaves what it could not store without an answer.
func (s *Spool) whileWell(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if s.server == nil {
		return ctx, cancel
	}
	stop := context.AfterFunc(s.server.wellness(), cancel)
	return ctx, func() { stop(); cancel() }
}

// serverLog passes on what the embedded server warns of. Its notices about its own life are of no use to an operator.
type serverLog struct {
	log  *slog.Logger
	wake chan<- struct{} // told of every error
}

func (l serverLog) Noticef(string, ...any) {}
func (l serverLog) Debugf(string, ...any)  {}
func (l serverLog) Tracef(string, ...any)  {}
func (l serverLog) Warnf(format string, v ...any) {
	l.log.Warn("the spool's server warns", "message", fmt.Sprintf(format, v...))
}
func (l serverLog) Errorf(format string, v ...any) {
	l.log.Error("the spool's server reports an error", "message", fmt.Sprintf(format, v...))
	select {
	case l.wake <- struct{}{}:
	default:
	}
}
func (l serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }
