package query

import "sync"

// unwritten keeps what the store last said, and to which question, for as long as nothing is written to it. Where the store is
// inside this process nothing is written unseen; a server is asked each time. What is kept is everybody's: nobody may write into it.
type unwritten[Key comparable, T any] struct {
	mu     sync.Mutex
	there  bool
	key    Key
	value  T
	writes uint64 // as many there were when the store was asked
}

// get is what was kept, or what ask says now.
func (u *unwritten[Key, T]) get(c *Company, key Key, ask func() (T, error)) (T, error) {
	writes, quiet := c.writes()
	if quiet {
		if value, there := u.at(key, writes); there {
			return value, nil
		}
	}
	value, err := ask()
	if err == nil && quiet {
		u.keep(key, value, writes)
	}
	return value, err
}

func (u *unwritten[Key, T]) at(key Key, writes uint64) (T, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.value, u.there && u.key == key && u.writes == writes
}

// keep keeps what was asked after so many writes. What was asked earlier is not taken for it.
func (u *unwritten[Key, T]) keep(key Key, value T, writes uint64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.there || u.writes <= writes {
		u.there, u.key, u.value, u.writes = true, key, value, writes
	}
}

// writes counts what was written to the store, as clickhouse.DB does; other stores are never quiet.
func (c *Company) writes() (n uint64, quiet bool) {
	if db, counts := c.DB.(interface{ Writes() (uint64, bool) }); counts {
		return db.Writes()
	}
	return 0, false
}
