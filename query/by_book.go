package query

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"sync"
	"time"

	"uptake/adoption"
)

var (
	//go:embed by_cells.sql
	byCellsSQL string
	//go:embed by_access.sql
	byAccessSQL string
	//go:embed by_order.sql
	byOrderSQL string
)

// peopleCell is people who are the same in everything that they are counted by. All are places in lists of the book.
type peopleCell struct {
	unit   int32                 // in which they are placed directly
	values [attributeCount]int32 // but of the legacy entity, which is the tree's to say
	access int32                 // place in the list of what people have of tools
	people uint64
}

// attributeCount is how many attributes there are.
const attributeCount = 4

// places of the attributes that the directory keeps for each person.
var attributePlace = func() map[adoption.Attribute]int {
	places := map[adoption.Attribute]int{}
	for i, a := range adoption.Attributes() {
		places[a] = i
	}
	return places
}()

// peopleBook is the cells of a day.
type peopleBook struct {
	run    uint64
	units  []string
	names  [attributeCount][]string
	access []toolSet
	cells  []peopleCell
}

// toolSet is what people have of the tools that need a licence.
type toolSet struct {
	tools  []string // those that they have access to, and "all" where not everyone has it
	seated []string // of the single ones, those whose seat they have held for 28 days
}

// peopleBooks remembers the books of some days, and what was judged by them.
type peopleBooks struct {
	mu     sync.Mutex
	slots  map[adoption.Day]*bookSlot
	judged map[judgedKey]*byJudgement
}

// bookSlot is where the book of a day lies; who reads it holds the lock.
type bookSlot struct {
	mu   sync.Mutex
	book *peopleBook
}

type judgedKey struct {
	dayTool
	k    uint64
	open bool              // the tool, to everybody
	tree [sha256.Size]byte // of the units
	runs [4]uint64         // that wrote the people and sizes of the day, and of the first of its month
}

const (
	booksHeld  = 12    // days: some 5 MB each at 130,000 people
	judgedHeld = 5_000 // days and tools
)

// peopleBook is the cells of a day as of a snapshot. Those who ask at the same moment wait for one reading.
func (c *Company) peopleBook(ctx context.Context, snap *snapshot, day adoption.Day) (*peopleBook, error) {
	slot := c.books.slot(day)
	slot.mu.Lock()
	defer slot.mu.Unlock()
	run := snap.runOf("kpi_cell", day)
	if slot.book != nil && slot.book.run == run {
		return slot.book, nil
	}
	b := &peopleBook{run: run}
	if err := c.readPeopleBook(ctx, day, b); err != nil {
		return nil, fmt.Errorf("count people by all attributes: %w", err)
	}
	slot.book = b
	return b, nil
}

// slot is that of a day; where there are too many, all others are forgotten.
func (b *peopleBooks) slot(day adoption.Day) *bookSlot {
	b.mu.Lock()
	defer b.mu.Unlock()
	slot, there := b.slots[day]
	if there {
		return slot
	}
	if b.slots == nil || len(b.slots) >= booksHeld {
		b.slots = map[adoption.Day]*bookSlot{}
	}
	slot = &bookSlot{}
	b.slots[day] = slot
	return slot
}

// remember keeps a judgement; where there are too many, all others are forgotten.
func (b *peopleBooks) remember(key judgedKey, j *byJudgement) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.judged == nil || len(b.judged) >= judgedHeld {
		b.judged = map[judgedKey]*byJudgement{}
	}
	b.judged[key] = j
}

func (c *Company) readPeopleBook(ctx context.Context, day adoption.Day, b *peopleBook) error {
	access := map[uint64]int32{}
	err := c.each(ctx, byAccessSQL, params{"day": day.String()}, func(scan scanner) error {
		var key uint64
		var set toolSet
		err := scan(&key, &set.tools, &set.seated)
		access[key] = int32(len(b.access))
		b.access = append(b.access, set)
		return err
	})
	if err != nil {
		return err
	}
	var unit, location, role, cohort string
	var key, people uint64
	row := []any{&unit, &location, &role, &cohort, &key, &people}
	units := numbering{list: &b.units}
	var values [attributeCount]numbering
	for m := range values {
		values[m].list = &b.names[m]
	}
	number := func(cell *peopleCell, of adoption.Attribute, value string) {
		m := attributePlace[of]
		cell.values[m] = values[m].of(value)
	}
	return c.each(ctx, byCellsSQL, params{"day": day.String()}, func(scan scanner) error {
		if err := scan(row...); err != nil {
			return err
		}
		cell := peopleCell{unit: units.of(unit), access: access[key], people: people}
		number(&cell, adoption.ByLocation, location)
		number(&cell, adoption.ByRole, role)
		number(&cell, adoption.ByHireCohort, cohort)
		b.cells = append(b.cells, cell)
		return nil
	})
}

// numbering gives texts numbers, in the order in which they come.
type numbering struct {
	list    *[]string
	numbers map[string]int32
}

func (n *numbering) of(text string) int32 {
	number, there := n.numbers[text]
	if !there {
		if n.numbers == nil {
			n.numbers = map[string]int32{}
		}
		number = int32(len(*n.list))
		*n.list = append(*n.list, text)
		n.numbers[text] = number
	}
	return number
}

// readOrder is the headcount of each value of the attributes on some days, but of the legacy entity.
func (c *Company) readOrder(ctx context.Context, days []adoption.Day) (map[adoption.Day][attributeCount]map[string]uint64, error) {
	order := map[adoption.Day][attributeCount]map[string]uint64{}
	err := c.each(ctx, byOrderSQL, params{"days": dayList(days)}, func(scan scanner) error {
		var at time.Time
		var attribute, value string
		var people uint64
		if err := scan(&at, &attribute, &value, &people); err != nil {
			return err
		}
		day, place := dayOf(at), attributePlace[adoption.Attribute(attribute)]
		of := order[day]
		if of[place] == nil {
			of[place] = map[string]uint64{}
		}
		of[place][value] += people
		order[day] = of
		return nil
	})
	return order, err
}
