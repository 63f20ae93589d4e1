package query

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"uptake/adoption"
)

// pairBook remembers months of interactions, or the parts of months that were asked for. One is read again when a
// refresh has written a day of it anew. What lies here has not been judged; it goes into a rawPairs and through the gate.
type pairBook struct {
	mu     sync.Mutex
	months map[pairKey][]rawPair
	held   int // lines
}

// pairsHeld bounds what is remembered: some 50 MB. Then everything is forgotten.
const pairsHeld = 3_000_000

// pairKey stands for everything that the lines of a month depend on.
type pairKey [sha256.Size]byte

// pairMonth is the days of a month that are asked for.
type pairMonth struct {
	number uint32 // 202611
	days   []adoption.Day
	key    pairKey
}

// months takes the days asked for apart. runs says under which number each was last written.
func (a pairsAsked) months(runs map[adoption.Day]uint64) []pairMonth {
	var months []pairMonth
	for _, d := range a.days {
		at := d.Time()
		number := uint32(at.Year()*100 + int(at.Month()))
		if last := len(months) - 1; last < 0 || months[last].number != number {
			months = append(months, pairMonth{number: number})
		}
		m := &months[len(months)-1]
		m.days = append(m.days, d)
	}
	for i := range months {
		h := sha256.New()
		fmt.Fprintf(h, "%q %q %v", a.tools, a.units, a.places)
		for _, d := range months[i].days {
			fmt.Fprintf(h, " %d %d", d, runs[d])
		}
		months[i].key = pairKey(h.Sum(nil))
	}
	return months
}

// get finds the lines of months, and says which of them must be read.
func (b *pairBook) get(months []pairMonth) (found [][]rawPair, missing []pairMonth) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range months {
		if lines, there := b.months[m.key]; there {
			found = append(found, lines)
		} else {
			missing = append(missing, m)
		}
	}
	return found, missing
}

// put remembers the lines of a month; where that is too much, all others are forgotten.
func (b *pairBook) put(m pairMonth, lines []rawPair) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held+len(lines) > pairsHeld || b.months == nil {
		b.months, b.held = map[pairKey][]rawPair{}, 0
	}
	if _, there := b.months[m.key]; !there {
		b.months[m.key] = lines
		b.held += len(lines) + 10
	}
}
