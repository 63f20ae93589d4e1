package ingest

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// victimDir names, in the environment, the folder of the process that is killed; victimRound its round.
const (
	victimDir   = "UPTAKE_TEST_VICTIM"
	victimRound = "UPTAKE_TEST_VICTIM_ROUND"
)

// runVictim receives events as fast as it can, from several clients, and prints what was acknowledged, until it is killed.
func runVictim() {
	if err := victim(os.Getenv(victimDir), os.Getenv(victimRound)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func victim(dir, round string) error {
	ctx := context.Background()
	spool, err := OpenSpool(ctx, SpoolConfig{Dir: dir})
	if err != nil {
		return err
	}
	batcher, err := NewBatcher(ctx, spool, nil)
	if err != nil {
		return err
	}
	door := NewDoor(DoorConfig{Batcher: batcher, Pseudonyms: NewPseudonymiser([]byte("secret")), Rules: testRules()})
	failed := make(chan error)
	var printing sync.Mutex
	for client := range 4 {
		go func() {
			for i := 0; ; i++ {
				batch := fmt.Sprintf("%s-%d-%d", round, client, i)
				if _, err := door.Receive(ctx, "feed", strings.NewReader(victimBatch(batch))); err != nil {
					failed <- err
					return
				}
				printing.Lock()
				fmt.Println(batch) // a write of one line to a pipe is whole or not there
				printing.Unlock()
			}
		}()
	}
	return <-failed
}

// victimEvents is how many events a batch has.
const victimEvents = 20

func victimBatch(batch string) string {
	var b strings.Builder
	for i := range victimEvents {
		fmt.Fprintf(&b, `{"id":"%s-%d","time":"2026-11-20","tool":"wiki","actor":"a","action":"edit"}`+"\n", batch, i)
	}
	return b.String()
}

// The process is killed at random moments of writing, several times on one folder. Whatever it had acknowledged is in
// the table afterwards, and nothing twice.
func TestKilledWhileWritingLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	acked := map[string]bool{}
	for round := range 5 {
		before := len(acked)
		runUntilKilled(t, dir, round, acked)
		require.Greater(t, len(acked), before, "the victim never acknowledged anything")
	}

	db := testDB(t)
	r := openRig(t, rigConfig{spool: SpoolConfig{Dir: dir}, loader: LoaderConfig{DB: db}})
	r.settle()
	p := NewPseudonymiser([]byte("secret"))
	stored := map[string]bool{}
	found, err := db.Query(t.Context(), "SELECT id FROM events FINAL")
	require.NoError(t, err)
	total := 0
	for found.Next() {
		var id string
		require.NoError(t, found.Scan(&id))
		stored[id] = true
		total++
	}
	require.NoError(t, found.Err())
	require.NoError(t, found.Close())
	require.Len(t, stored, total, "an event stands twice")
	for batch := range acked {
		for i := range victimEvents {
			id := p.ID("feed", fmt.Sprintf("%s-%d", batch, i))
			require.True(t, stored[string(id[:])], "acknowledged and lost: %s-%d", batch, i)
		}
	}
	messages, _ := dead(t, r.spool)
	require.Empty(t, messages)
}

// runUntilKilled starts a victim, kills it a moment after its first acknowledgement and notes what it had acknowledged.
func runUntilKilled(t *testing.T, dir string, round int, acked map[string]bool) {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), victimDir+"="+dir, fmt.Sprintf("%s=%d", victimRound, round))
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	var complaints strings.Builder
	command.Stderr = &complaints
	require.NoError(t, command.Start())
	guard := time.AfterFunc(time.Minute, func() { _ = command.Process.Kill() })
	defer guard.Stop()
	lines := bufio.NewScanner(output)
	first := true
	for lines.Scan() {
		acked[lines.Text()] = true
		if first {
			first = false
			time.AfterFunc(time.Duration(rand.IntN(400))*time.Millisecond, func() { _ = command.Process.Kill() })
		}
	}
	require.Error(t, command.Wait(), "the victim ended by itself: %s", complaints.String())
	require.Empty(t, complaints.String())
}
