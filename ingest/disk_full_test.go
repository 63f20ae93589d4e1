//go:build linux

package ingest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// insideVariable tells this test binary that it runs in a mount namespace of its own.
const insideVariable = "UPTAKE_TEST_MOUNTS"

// inOwnMounts runs a test once more, as a process that may mount what it likes: its mounts are nobody else's and end
// with it. As root that needs nothing, else user namespaces must be allowed.
func inOwnMounts(t *testing.T) (inside bool) {
	t.Helper()
	if os.Getenv(insideVariable) != "" {
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), insideVariable+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	output, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) {
		require.NoError(t, err, "this test mounts a small file system: run it as root, or allow user namespaces")
	}
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "--- PASS: "+t.Name())
	return false
}

// smallDisk is a file system of its own with so many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)), "mounting a small file system")
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

// fillDisk takes all that is free; what it returns frees it again.
func fillDisk(t *testing.T, dir string) (free func()) {
	t.Helper()
	ballast, err := os.Create(filepath.Join(dir, "ballast"))
	require.NoError(t, err)
	for _, chunk := range []int{1 << 20, 4 << 10} {
		for err = nil; err == nil; {
			_, err = ballast.Write(make([]byte, chunk))
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
	}
	require.NoError(t, ballast.Close())
	return func() { require.NoError(t, os.Remove(ballast.Name())) }
}

// A disk that is full to the last byte: who sends is told to wait, what is inside stays, and when there is room the
// spool takes events again without a restart of the process.
func TestAFullDisk(t *testing.T) {
	if !inOwnMounts(t) {
		return
	}
	for _, loading := range []bool{false, true} {
		t.Run(fmt.Sprintf("loading %v", loading), func(t *testing.T) {
			disk, db := smallDisk(t, 48<<20), testDB(t)
			cfg := rigConfig{spool: SpoolConfig{Dir: filepath.Join(disk, "spool"), Reserve: -1}}
			if loading {
				cfg.loader = LoaderConfig{DB: db}
			}
			r := openRig(t, cfg)
			sent, taken := 0, map[int]bool{}
			send := func() int {
				status, answer, message := r.post([]byte(eventLines(sent, sent+100)))
				if status == 202 {
					require.Equal(t, 100, answer.Accepted)
					for i := range 100 {
						taken[sent+i] = true
					}
				} else {
					require.Equal(t, 503, status, message)
				}
				sent += 100
				return status
			}
			for range 10 {
				require.Equal(t, 202, send())
			}
			free := fillDisk(t, disk)
			for refused := 0; refused < 10; {
				if send() == 503 { // a last small write may find room in a block that was begun
					refused++
				}
			}
			require.Error(t, r.spool.Room(t.Context()), "readiness knows")
			if !loading {
				require.GreaterOrEqual(t, len(spooled(t, r.spool)), len(taken), "what is inside stays, and can be read")
			}

			free()
			require.Eventually(t, func() bool { return send() == 202 }, time.Minute, 50*time.Millisecond, "it takes events again by itself")
			require.NoError(t, r.spool.Room(t.Context()))
			for range 10 {
				require.Equal(t, 202, send())
			}
			_, err := r.tokens.Create(t.Context(), Grant{Name: "later", Kind: SourceToken})
			require.NoError(t, err)
			if !loading {
				r.startLoader(LoaderConfig{DB: db})
			}
			r.settle()
			requireStored(t, r, db, taken, sent)

			r.close() // and all is well with what lies on the disk
			r = openRig(t, cfg)
			require.Equal(t, 202, send())
		})
	}
}
