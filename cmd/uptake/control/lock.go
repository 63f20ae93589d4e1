// Package control lets several commands of one machine share a data directory: a lock says who holds it, a unix
// socket that the directory names lets the others ask the holder. Whoever holds the lock runs the application, so the
// code behind a command is the same with a server and without one.
package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"uptake/adoption"
)

// Holder is the process that has a data directory.
type Holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"` // serve, import, token, …
	Serves  bool      `json:"serves"`  // stays until it is stopped
	Limited bool      `json:"limited"` // answers only questions about migrations
	Since   time.Time `json:"since"`
}

// String names the holder in a sentence.
func (h Holder) String() string {
	if h.PID == 0 {
		return "another process"
	}
	return fmt.Sprintf("process %d (uptake %s, since %s)", h.PID, h.Command, h.Since.Local().Format("2006-01-02 15:04"))
}

// Lock is the right to run on a data directory. It ends with the process, however that ends.
type Lock struct {
	file *os.File
}

// ErrHeld is returned by TryLock, inside *HeldError, when another process has the data directory.
var ErrHeld = errors.New("the data directory is in use")

// HeldError says who has the data directory.
type HeldError struct{ Holder Holder }

func (e *HeldError) Error() string { return ErrHeld.Error() + " by " + e.Holder.String() }
func (e *HeldError) Unwrap() error { return ErrHeld }

// PrepareDir makes the data directory, for this user alone, and finds out whether it can be written.
func PrepareDir(dir string) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(dir, ".probe-*"); err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &adoption.Error{Code: adoption.Unavailable, Message: "The disk of the data directory " + dir + " is full. Free some space and start again; nothing was lost.", Err: err}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return &adoption.Error{Code: adoption.Forbidden, Message: "The data directory " + dir + " cannot be written. Give this user the right to, or name another one with UPTAKE_DATA.", Err: err}
	}
	return fmt.Errorf("prepare the data directory: %w", err)
}

// Self is this process as a holder.
func Self(command string, serves, limited bool) Holder {
	return Holder{PID: os.Getpid(), Command: command, Serves: serves, Limited: limited, Since: time.Now()}
}

// TryLock takes the data directory for self, or says at once (a *HeldError) who has it.
func TryLock(dir string, self Holder) (*Lock, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the data directory: %w", err)
	}
	// A lock of the kernel, not the file's presence: it goes with its process, so none is ever left behind.
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, &HeldError{readHolder(file)}
		}
		return nil, fmt.Errorf("lock the data directory (is it on a disk of this machine?): %w", err)
	}
	text, _ := json.Marshal(self)
	err = errors.Join(file.Truncate(0), writeAt(file, append(text, '\n')))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write the lock of the data directory: %w", err), file.Close())
	}
	return &Lock{file}, nil
}

// Release gives the data directory free.
func (l *Lock) Release() error {
	// Emptied first: the next reader must not take an old holder for the present one.
	return errors.Join(l.file.Truncate(0), l.file.Close())
}

func writeAt(file *os.File, text []byte) error {
	_, err := file.WriteAt(text, 0)
	return err
}

// readHolder is best effort: its writer may be between taking the lock and writing its name.
func readHolder(file *os.File) (h Holder) {
	text := make([]byte, 1024)
	n, _ := file.ReadAt(text, 0)
	_ = json.Unmarshal(text[:n], &h)
	return h
}
