package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/cmd/uptake/control"
)

// Longer work that is stopped ends with a code of its own, and a sentence on what is kept and how to go on; a report that was not
// finished leaves the file of before as it was. Here each command waits for another process when it is stopped.
func TestStoppedWorkSaysWhatIsKept(t *testing.T) {
	dir := t.TempDir()
	lock, err := control.TryLock(dir, control.Self("migrate", false, true))
	require.NoError(t, err)
	defer func() { require.NoError(t, lock.Release()) }()
	pack := filepath.Join(t.TempDir(), "pack.pdf")
	require.NoError(t, os.WriteFile(pack, []byte("last month's"), 0o600))
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"import", "people", "people.csv"}, "a file of the directory or of outcomes is in wholly or not at all"},
		{[]string{"report", "board-pack", pack}, "a file of that name is as it was: give the same command again."},
		{[]string{"source", "remap", "chat"}, "The days that were done stay done: give the same command again for the rest."},
		{[]string{"demo", "--preset", "law-firm"}, "There is no new demo company"},
		{[]string{"selfcheck"}, "the last result still stands"},
		{[]string{"token", "list"}, "uptake: stopped.\n"},
	} {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		var said bytes.Buffer
		m := &Main{Args: c.args, Environ: []string{"UPTAKE_DATA=" + dir}, Stdin: &bytes.Buffer{}, Stdout: &said, Stderr: &said}
		require.Equal(t, 130, m.Run(ctx), "128 and the number of SIGINT: %s", &said)
		require.Contains(t, said.String(), c.says)
	}
	text, err := os.ReadFile(pack)
	require.NoError(t, err)
	require.Equal(t, "last month's", string(text))
}
