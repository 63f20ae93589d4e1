package control

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxSocketPath is what fits into a sockaddr_un with its closing zero byte.
const maxSocketPath = 107

// pointer is the file of the data directory that names the socket.
const pointer = "control"

// Listen opens the control socket of a data directory and writes its path into DIR/control. Only the holder of the
// lock may call it: a socket file that is there already is a dead one then and is replaced. forget removes file and
// pointer, after which nobody new finds the socket; call it before the listener is closed.
func Listen(dir string) (listener net.Listener, forget func(), err error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("remove an old control socket: %w", err)
	}
	unixListener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, nil, fmt.Errorf("open the control socket %s: %w", path, err)
	}
	unixListener.SetUnlinkOnClose(false) // forget does it: by then the path may be another process's
	if err = os.Chmod(path, 0o600); err == nil {
		err = writeFile(filepath.Join(dir, pointer), path+"\n")
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("name the control socket: %w", err), unixListener.Close(), os.Remove(path))
	}
	forget = func() {
		_ = os.Remove(filepath.Join(dir, pointer))
		_ = os.Remove(path)
	}
	return unixListener, forget, nil
}

// socketPath is a short path for the socket of a data directory, in a directory that is this user's alone. The data
// directory's own path may be too long for a socket.
func socketPath(dir string) (string, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", fmt.Errorf("find the data directory: %w", err)
	}
	sum := sha256.Sum256([]byte(real))
	name := hex.EncodeToString(sum[:8]) + ".sock"
	var tried []error
	for _, base := range []string{os.TempDir(), "/tmp"} {
		folder := filepath.Join(base, fmt.Sprintf("uptake-%d", os.Getuid()))
		path := filepath.Join(folder, name)
		if len(path) > maxSocketPath {
			tried = append(tried, fmt.Errorf("%s is longer than the %d bytes a socket may have", path, maxSocketPath))
			continue
		}
		if err := privateDir(folder); err != nil {
			tried = append(tried, err)
			continue
		}
		return path, nil
	}
	return "", fmt.Errorf("find a place for the control socket: %w", errors.Join(tried...))
}

// privateDir makes a directory of mode 0700, or makes sure that the one which is there is ours: in /tmp anybody may
// have made it before us.
func privateDir(path string) error {
	err := os.Mkdir(path, 0o700)
	if err == nil || !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(owner.Uid) != os.Getuid() {
		return fmt.Errorf("%s is there already and is not a directory of this user", path)
	}
	if info.Mode().Perm() != 0o700 {
		return os.Chmod(path, 0o700)
	}
	return nil
}

// readPointer is the socket's path that a data directory names; fs.ErrNotExist when it names none.
func readPointer(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, pointer))
	path := strings.TrimSpace(string(text))
	if err == nil && path == "" {
		err = fs.ErrNotExist
	}
	return path, err
}

// writeFile replaces a file in one step, so that a reader never sees half of it.
func writeFile(path, text string) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = temp.WriteString(text)
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
	}
	return err
}
