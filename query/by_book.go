package query

import (
	"context"
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

// peopleCell is people who are the same in everything that they are counted by.
type peopleCell struct {
	unit   string                 // in which they are placed directly
	values [attributeCount]string // in the order of adoption.Attributes; that of the legacy entity is the tree's to say
	access map[string]bool        // licensed tools, and "all" where not everyone has it
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
	run   uint64
	cells []peopleCell
}

// peopleBooks remembers the books of some days, and what was judged by them.
type peopleBooks struct {
	mu     sync.Mutex
	books  map[adoption.Day]*peopleBook
	judged map[judgedKey]*byJudgement
}

type judgedKey struct {
	state state
	k     uint64
	dayTool
}

const (
	booksHeld  = 8     // days: some 15 MB each at 130,000 people
	judgedHeld = 5_000 // days and tools
)

// peopleBook is the cells of a day as of a snapshot. Those who ask at the same moment wait for one reading.
func (c *Company) peopleBook(ctx context.Context, snap *snapshot, day adoption.Day) (*peopleBook, error) {
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	run := snap.runOf("kpi_cell", day)
	if b := c.books.books[day]; b != nil && b.run == run {
		return b, nil
	}
	b := &peopleBook{run: run}
	if err := c.readPeopleBook(ctx, day, b); err != nil {
		return nil, fmt.Errorf("count people by all attributes: %w", err)
	}
	if c.books.books == nil || len(c.books.books) >= booksHeld {
		c.books.books = map[adoption.Day]*peopleBook{}
	}
	c.books.books[day] = b
	return b, nil
}

func (c *Company) readPeopleBook(ctx context.Context, day adoption.Day, b *peopleBook) error {
	access := map[uint64]map[string]bool{}
	err := c.each(ctx, byAccessSQL, params{"day": day.String()}, func(scan scanner) error {
		var key uint64
		var tools []string
		err := scan(&key, &tools)
		access[key] = map[string]bool{}
		for _, tool := range tools {
			access[key][tool] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	var unit, location, role, cohort string
	var key, people uint64
	row := []any{&unit, &location, &role, &cohort, &key, &people}
	names := map[string]string{} // one copy of each
	own := func(s string) string {
		if name, there := names[s]; there {
			return name
		}
		names[s] = s
		return s
	}
	return c.each(ctx, byCellsSQL, params{"day": day.String()}, func(scan scanner) error {
		if err := scan(row...); err != nil {
			return err
		}
		cell := peopleCell{unit: own(unit), access: access[key], people: people}
		cell.values[attributePlace[adoption.ByLocation]] = own(location)
		cell.values[attributePlace[adoption.ByRole]] = own(role)
		cell.values[attributePlace[adoption.ByHireCohort]] = own(cohort)
		b.cells = append(b.cells, cell)
		return nil
	})
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
