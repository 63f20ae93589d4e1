package access

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// What stands in the audit log.
const (
	SignedIn         = "sign_in"
	SignInRefused    = "sign_in_refused"
	SignedOut        = "sign_out"
	Exported         = "export"
	ChangedRights    = "rights"      // accounts and tokens
	ChangedAssumed   = "assumptions" // assumptions and scenarios of value
	Published        = "published"   // pilots, campaigns and targets
	Done             = "done"
	Refused          = "refused" // by rights, or by what is wrong with the request
	Failed           = "failed"
	CommandLine      = "command line" // who: the machine's own; no account can have this name
	auditWaiting     = 4096           // lines that wait for the table; a line is under 1 KB
	refusalsInMinute = 30             // refused sign-ins that are written down; the metric of requests counts them all
	auditEvery       = time.Second
	auditWithin      = 5 * time.Second // of the last attempt, at the stop
	maxAbout         = 256             // bytes of a field
)

// Entry is a line of the audit log.
type Entry struct {
	Number  uint64    `json:"number"` // names the line; newer ones have higher numbers
	At      time.Time `json:"at"`
	Who     string    `json:"who"` // of an account or a token; "" where the name was none
	What    string    `json:"what"`
	About   string    `json:"about"`
	Outcome string    `json:"outcome"`
}

// Audit is the audit log: lines are noted at once, and written to the table audit in the background. Its methods may be
// called from many goroutines.
type Audit struct {
	db  driver.Conn
	now func() time.Time
	log *slog.Logger

	mu      sync.Mutex
	waiting []Entry
	last    uint64    // number given
	lost    uint64    // lines that found no room
	minute  time.Time // in which refusals are counted
	refused int

	writing sync.Mutex // one batch at a time
}

// OpenAudit makes the log of a database that was migrated. now is the clock, nil is time.Now. Nothing is written before Run.
func OpenAudit(db driver.Conn, now func() time.Time, log *slog.Logger) *Audit {
	if now == nil {
		now = time.Now
	}
	return &Audit{db: db, now: now, log: log}
}

// Note puts a line down. It neither waits nor fails: where there is no room left the line is counted as lost, and so are
// refused sign-ins beyond some in a minute, or guessing would fill the table.
func (a *Audit) Note(who, what, about, outcome string) {
	at := a.now().UTC().Truncate(time.Microsecond)
	a.mu.Lock()
	defer a.mu.Unlock()
	if what == SignInRefused && !a.mayRefuse(at) || len(a.waiting) >= auditWaiting {
		a.lost++
		return
	}
	a.last = max(a.last+1, uint64(max(at.UnixMicro(), 0)))
	a.waiting = append(a.waiting, Entry{a.last, at, cut(who), what, cut(about), outcome})
}

func (a *Audit) mayRefuse(at time.Time) bool {
	if minute := at.Truncate(time.Minute); !minute.Equal(a.minute) {
		a.minute, a.refused = minute, 0
	}
	a.refused++
	return a.refused <= refusalsInMinute
}

func cut(text string) string {
	if len(text) > maxAbout {
		text = text[:maxAbout]
	}
	return text
}

// Lost is how many lines were not written down since the start.
func (a *Audit) Lost() uint64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.lost
}

// Run writes what is noted, until ctx ends; then what is left, within some seconds.
func (a *Audit) Run(ctx context.Context) error {
	tick := time.NewTicker(auditEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditWithin)
			defer cancel()
			err := a.Flush(last)
			if err != nil {
				a.log.Error("the last lines of the audit log are lost", "error", err)
			}
			return err
		case <-tick.C:
			err := a.Flush(ctx)
			if err != nil && !failing && ctx.Err() == nil {
				a.log.Error("the audit log cannot be written now; its lines wait", "error", err)
			}
			failing = err != nil
		}
	}
}

// Flush writes all that waits. What could not be written goes on waiting.
func (a *Audit) Flush(ctx context.Context) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	a.mu.Lock()
	lines := slices.Clone(a.waiting)
	a.mu.Unlock()
	if len(lines) == 0 {
		return nil
	}
	batch, err := a.db.PrepareBatch(ctx, "INSERT INTO audit (number, at, who, what, about, outcome)")
	if err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	defer batch.Close()
	for _, l := range lines {
		if err := batch.Append(l.Number, l.At, l.Who, l.What, l.About, l.Outcome); err != nil {
			return fmt.Errorf("write the audit log: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting = slices.Delete(a.waiting, 0, len(lines)) // only this goroutine takes lines away
	return nil
}

//go:embed audit.sql
var auditSQL string

// List is at most n lines before the one of a number, newest first; before 0 begins with the newest. What was noted until
// now is in it, where the table can be written.
func (a *Audit) List(ctx context.Context, before uint64, n int) ([]Entry, error) {
	if err := a.Flush(ctx); err != nil {
		return nil, err
	}
	rows, err := a.db.Query(ctx, auditSQL, before, before, n)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	defer rows.Close()
	list := []Entry{}
	for rows.Next() {
		var one Entry
		if err := rows.Scan(&one.Number, &one.At, &one.Who, &one.What, &one.About, &one.Outcome); err != nil {
			return nil, fmt.Errorf("read the audit log: %w", err)
		}
		one.At = one.At.UTC()
		list = append(list, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return list, nil
}

// AboutToken says in a line of the audit log what was done to a token of an account; which is its name when it is made, else its id.
func AboutToken(owner, which, do string) string { return "token/" + owner + "/" + which + " " + do }

// AboutAccount says in a line of the audit log what was done to an account, and which rights it was given.
func AboutAccount(name, do string, roles []Role, units []string) string {
	about := "account/" + name + " " + do
	if len(roles) > 0 {
		about += " " + strings.Join(names(roles), ",")
	}
	if len(units) > 0 {
		about += " of " + strings.Join(units, ",")
	}
	return about
}
