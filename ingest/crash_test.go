package ingest

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
	"uptake/migrations"
)

// The environment of the process that is killed: its folder, and its round. The last round only loads and reports.
const (
	victimDir   = "UPTAKE_TEST_VICTIM"
	victimRound = "UPTAKE_TEST_VICTIM_ROUND"
	reportRound = "report"
)

// runVictim is the main function of that process.
func runVictim() {
	if err := victim(os.Getenv(victimDir), os.Getenv(victimRound)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// victim runs the whole road from the door to ClickHouse on dir.
func victim(dir, round string) error {
	ctx := context.Background()
	db, err := clickhouse.Open(ctx, clickhouse.Config{DataDir: dir})
	if err != nil {
		return err
	}
	if err := migrations.Up(ctx, db); err != nil {
		return err
	}
	spool, err := OpenSpool(ctx, SpoolConfig{Dir: filepath.Join(dir, "spool")})
	if err != nil {
		return err
	}
	batcher, err := NewBatcher(ctx, spool, nil)
	if err != nil {
		return err
	}
	loader, err := StartLoader(ctx, LoaderConfig{DB: db, Spool: spool, Touch: &factLog{}, Zone: time.UTC, Linger: 20 * time.Millisecond})
	if err != nil {
		return err
	}
	if round == reportRound {
		defer db.Close()
		defer spool.Close()
		defer loader.Close()
		return report(ctx, db, spool)
	}
	door := NewDoor(DoorConfig{Batcher: batcher, Pseudonyms: NewPseudonymiser([]byte("secret")), Rules: testRules()})
	return sendForEver(ctx, door, round)
}

// sendForEver receives events as fast as it can, from several clients, and prints what was acknowledged.
func sendForEver(ctx context.Context, door *Door, round string) error {
	failed := make(chan error)
	var printing sync.Mutex
	for client := range 4 {
		go func() {
			for i := 0; ; i++ {
				batch := fmt.Sprintf("%s-%d-%d", round, client, i)
				answer, err := door.Receive(ctx, "feed", strings.NewReader(victimBatch(batch)))
				if err == nil && answer.Accepted != victimEvents {
					err = fmt.Errorf("only %d events of %s were accepted", answer.Accepted, batch)
				}
				if err != nil {
					failed <- err
					return
				}
				printing.Lock()
				fmt.Println(batch) // a short line goes into a pipe whole or not at all
				printing.Unlock()
			}
		}()
	}
	return <-failed
}

// report waits until all is loaded and prints the ids in the table.
func report(ctx context.Context, db *clickhouse.DB, spool *Spool) error {
	for settled := false; !settled; time.Sleep(10 * time.Millisecond) {
		var err error
		if settled, err = spool.Settled(ctx); err != nil {
			return err
		}
	}
	state, err := spool.State(ctx)
	if err != nil || state.Dead > 0 {
		return fmt.Errorf("%d dead letters: %w", state.Dead, err)
	}
	found, err := db.Query(ctx, "SELECT id FROM events FINAL")
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return err
		}
		fmt.Println(hex.EncodeToString([]byte(id)))
	}
	return found.Err()
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

// The process is killed at random moments of receiving and loading, several times on one folder. Whatever it had
// acknowledged is in the table afterwards, and nothing twice.
func TestKilledAtRandomMomentsLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	acked := map[string]bool{}
	for round := range 5 {
		before := len(acked)
		lines, err := runChild(t, dir, fmt.Sprint(round), true)
		require.Error(t, err, "the victim ended by itself")
		for _, line := range lines {
			acked[line] = true
		}
		require.Greater(t, len(acked), before, "the victim never acknowledged anything")
	}
	ids, err := runChild(t, dir, reportRound, false)
	require.NoError(t, err)
	stored := map[string]bool{}
	for _, id := range ids {
		require.False(t, stored[id], "an event stands twice")
		stored[id] = true
	}
	p := NewPseudonymiser([]byte("secret"))
	for batch := range acked {
		for i := range victimEvents {
			id := p.ID("feed", fmt.Sprintf("%s-%d", batch, i))
			require.True(t, stored[hex.EncodeToString(id[:])], "acknowledged and lost: %s-%d", batch, i)
		}
	}
}

// runChild starts this binary as the victim and returns the lines it printed. kill: a moment after the first of them.
func runChild(t *testing.T, dir, round string, kill bool) (printed []string, err error) {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), victimDir+"="+dir, victimRound+"="+round)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	var complaints strings.Builder
	command.Stderr = &complaints
	require.NoError(t, command.Start())
	guard := time.AfterFunc(2*time.Minute, func() { _ = command.Process.Kill() })
	defer guard.Stop()
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		printed = append(printed, lines.Text())
		if kill && len(printed) == 1 {
			time.AfterFunc(time.Duration(rand.IntN(800))*time.Millisecond, func() { _ = command.Process.Kill() })
		}
	}
	err = command.Wait()
	require.Empty(t, complaints.String())
	return printed, err
}
