package dashboard

import (
	"sync"
	"time"
)

const (
	lockAfter   = 10               // wrong passwords in a row for one name, before it has to wait
	lockFirst   = time.Minute      // the first wait; each wrong password after it doubles the next
	lockLongest = 15 * time.Minute // so that nobody can keep a person out for long by guessing
	lockForgets = 24 * time.Hour   // without a wrong password
	lockedNames = 10_000           // names remembered
)

// lockout makes a name wait after wrong passwords, wherever they come from. A name without an account waits alike: the
// answers do not tell which names exist.
type lockout struct {
	now func() time.Time

	mu    sync.Mutex
	names map[string]*failures
}

type failures struct {
	count       int
	last, until time.Time
}

func newLockout(now func() time.Time) *lockout {
	return &lockout{now: now, names: map[string]*failures{}}
}

// wait says how long a name has to wait, 0 for not at all.
func (l *lockout) wait(name string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.names[name]; f != nil {
		return max(f.until.Sub(l.now()), 0)
	}
	return 0
}

// failed counts a wrong password.
func (l *lockout) failed(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	f := l.names[name]
	if f == nil || now.Sub(f.last) > lockForgets {
		if len(l.names) >= lockedNames {
			l.forget(now)
		}
		f = &failures{}
		l.names[name] = f
	}
	f.count, f.last = f.count+1, now
	if over := f.count - lockAfter; over >= 0 {
		f.until = now.Add(min(lockFirst<<min(over, 10), lockLongest))
	}
}

// succeeded forgets the wrong passwords of a name.
func (l *lockout) succeeded(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.names, name)
}

// forget makes room: for names that wait no longer, and if there is none, for all. The limits by address hold anyway.
func (l *lockout) forget(now time.Time) {
	for name, f := range l.names {
		if !f.until.After(now) {
			delete(l.names, name)
		}
	}
	if len(l.names) >= lockedNames {
		clear(l.names)
	}
}
