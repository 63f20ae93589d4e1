package ingest

import (
	"sync"

	"uptake/adoption"
	"uptake/ingest/mapping"
)

// maxNames is how many different unknown names of a source are kept on a day. A client that makes a name for every
// page must not fill the tables with them.
const maxNames = 1000

// unknownNames bounds the unknown names that come in. It forgets at midnight (UTC) and with the process, so a day may
// have a few times as many. A nil one bounds nothing.
type unknownNames struct {
	mu      sync.Mutex
	day     adoption.Day
	sources map[string]map[string]struct{}
}

// admit is the name under which an unknown event is stored: its own, or mapping.Other when its source has had enough of
// them today.
func (u *unknownNames) admit(today adoption.Day, source, name string) string {
	if u == nil {
		return name
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.day != today || u.sources == nil {
		u.day, u.sources = today, map[string]map[string]struct{}{}
	}
	names := u.sources[source]
	if names == nil {
		names = map[string]struct{}{}
		u.sources[source] = names
	}
	if _, known := names[name]; !known {
		if len(names) >= maxNames {
			return mapping.Other
		}
		names[name] = struct{}{}
	}
	return name
}
