package query

import (
	"context"
	"sync"

	"uptake/adoption"
)

// watchedLists bounds how many lists a snapshot remembers.
const watchedLists = 1_000

// watched is what a list was made of, once for all who ask until the next refresh: looking at a year of a unit and those
// below it takes some milliseconds.
type watched struct {
	name  string // of the unit
	date  adoption.Day
	looks int
	items []AttentionItem // all, in order
}

// watchedMemo remembers lists as long as its snapshot lasts.
type watchedMemo struct {
	mu    sync.Mutex
	lists map[watchedKey]watched
}

type watchedKey struct {
	unit, tool string
	to         adoption.Day
}

// watched makes or remembers a list. Its items are shared: who passes them on does not change them.
func (c *Company) watched(ctx context.Context, snap *snapshot, unit, tool string, to adoption.Day) (watched, error) {
	key := watchedKey{unit, tool, to}
	if list, there := snap.watched.get(key); there {
		return list, nil
	}
	w, err := c.watch(ctx, snap, unit, tool, to)
	if err != nil {
		return watched{}, err
	}
	list := watched{w.name(), w.date, w.looks(), w.items()}
	snap.watched.put(key, list)
	return list, nil
}

func (m *watchedMemo) get(key watchedKey) (watched, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list, there := m.lists[key]
	return list, there
}

func (m *watchedMemo) put(key watchedKey, list watched) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lists == nil || len(m.lists) >= watchedLists {
		m.lists = map[watchedKey]watched{}
	}
	m.lists[key] = list
}

// decisions are the items of a page: good news needs none.
func (l watched) decisions() []AttentionItem {
	list := []AttentionItem{}
	for _, item := range l.items {
		if class(item.Rule) < 2 && len(list) < mostAttention {
			list = append(list, item)
		}
	}
	return list
}
