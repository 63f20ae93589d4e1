package query

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"uptake/adoption"
)

// monthBook remembers what was read of months, or of the parts of months that were asked for. Most of what a question
// about a year needs has not changed since the last one: a month is read again when a refresh has written a day of it
// anew. What lies here has not been judged.
type monthBook[V any] struct {
	mu     sync.Mutex
	months map[monthKey][]V
	held   int // bytes
}

// monthBookHolds bounds, in bytes, what a book remembers. Then everything is forgotten.
const monthBookHolds = 96 << 20

// monthKey stands for everything that the lines of a month depend on.
type monthKey [sha256.Size]byte

// monthAsked is the days of a month that are asked for.
type monthAsked struct {
	number uint16 // year × 12 + month
	days   []adoption.Day
	key    monthKey
}

// monthNumber numbers the months as the statements do.
func monthNumber(d adoption.Day) uint16 {
	at := d.Time()
	return uint16(at.Year()*12 + int(at.Month()))
}

// monthsOf takes days, in order, apart. runs says under which number each was last written, question all else that the
// lines depend on.
func monthsOf(days []adoption.Day, runs map[adoption.Day]uint64, question string) []monthAsked {
	var months []monthAsked
	for _, d := range days {
		number := monthNumber(d)
		if last := len(months) - 1; last < 0 || months[last].number != number {
			months = append(months, monthAsked{number: number})
		}
		m := &months[len(months)-1]
		m.days = append(m.days, d)
	}
	for i := range months {
		h := sha256.New()
		fmt.Fprintln(h, question)
		for _, d := range months[i].days {
			fmt.Fprintf(h, " %d %d", d, runs[d])
		}
		months[i].key = monthKey(h.Sum(nil))
	}
	return months
}

// daysOf puts months together again.
func daysOf(months []monthAsked) (days []adoption.Day) {
	for _, m := range months {
		days = append(days, m.days...)
	}
	return days
}

// get adds the lines of months to found, and says which of them must be read.
func (b *monthBook[V]) get(months []monthAsked, found []V) (all []V, missing []monthAsked) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range months {
		if lines, there := b.months[m.key]; there {
			found = append(found, lines...)
		} else {
			missing = append(missing, m)
		}
	}
	return found, missing
}

// put remembers the lines of a month; where that is too much, all others are forgotten.
func (b *monthBook[V]) put(m monthAsked, lines []V) {
	b.mu.Lock()
	defer b.mu.Unlock()
	bytes := bytesOf(lines) + 100
	if b.held+bytes > monthBookHolds || b.months == nil {
		b.months, b.held = map[monthKey][]V{}, 0
	}
	if _, there := b.months[m.key]; !there {
		b.months[m.key] = lines
		b.held += bytes
	}
}

// linesOf is what a book remembers of months, and for the others what load reads: for each the lines by month. wait keeps
// others from reading the same at the same time.
func (b *monthBook[V]) linesOf(months []monthAsked, wait func() (end func(), err error), load func([]adoption.Day) (map[uint16][]V, error)) ([]V, error) {
	found, missing := b.get(months, nil)
	if len(missing) == 0 {
		return found, nil
	}
	end, err := wait()
	if err != nil {
		return nil, err
	}
	defer end()
	found, missing = b.get(missing, found)
	if len(missing) == 0 {
		return found, nil
	}
	read, err := load(daysOf(missing))
	if err != nil {
		return nil, err
	}
	for _, m := range missing {
		b.put(m, read[m.number])
		found = append(found, read[m.number]...)
	}
	return found, nil
}
