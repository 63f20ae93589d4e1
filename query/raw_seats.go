package query

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"sync"

	"uptake/adoption"
)

var (
	//go:embed seats.sql
	seatsSQL string
	//go:embed seats_state.sql
	seatsStateSQL string
	//go:embed seats_cells.sql
	seatsCellsSQL string
)

// rawSeats counts the seats of a tool in a node on a day. held: a licence covers the day; seasoned: held on each of the
// 28 days that end with it; idle: of these, of people not active in the 28 days; never: of these, not active ever.
type rawSeats struct{ held, seasoned, idle, never uint64 }

func (s *rawSeats) add(v rawSeats) {
	s.held += v.held
	s.seasoned += v.seasoned
	s.idle += v.idle
	s.never += v.never
}

// take takes seats away that are among these.
func (s *rawSeats) take(v rawSeats) {
	s.held -= v.held
	s.seasoned -= v.seasoned
	s.idle -= v.idle
	s.never -= v.never
}

// seatCell is the seats of a tool held by the people placed directly in a unit.
type seatCell struct {
	tool, unit string
	rawSeats
}

// seatState is what the seats of a day were last counted from.
type seatState struct {
	day                            adoption.Day
	facts, people, licences, tools uint64
}

// seatBooks remembers the seats of some days. They are counted from people when they are asked for, which takes the
// longer the more people there are; of a closed day they change only where something late arrives.
type seatBooks struct {
	mu        sync.Mutex
	books     map[seatState][]seatCell
	directory unwritten[struct{}, [2]uint64] // the highest versions of people and licences
	seated    map[dayRun][]seatCell          // those held for 28 days that attributes were judged beside, by the run that counted them
}

type dayRun struct {
	day adoption.Day
	run uint64
}

const (
	seatDays    = 32 // how many days' seats are remembered
	toolsAtOnce = 64 // how many tools one statement counts
)

// readSeats is the seats of each licensed tool on a day, by node of a scope.
func (c *Company) readSeats(ctx context.Context, snap *snapshot, s *scope, day adoption.Day) (map[string][]rawSeats, error) {
	cells, err := c.seatCells(ctx, snap, day)
	if err != nil {
		return nil, fmt.Errorf("count seats: %w", err)
	}
	byTool := map[string][]rawSeats{}
	for _, cell := range cells {
		leaf, known := s.tree.leaf[cell.unit]
		if !known {
			continue // placed there a moment ago; as long as the figures do not know the unit, the gate shows none of the tool's seats
		}
		if byTool[cell.tool] == nil {
			byTool[cell.tool] = make([]rawSeats, len(s.nodes))
		}
		byTool[cell.tool][s.cell[leaf]].add(cell.rawSeats)
	}
	for _, seats := range byTool {
		sumUp(s, seats, (*rawSeats).add)
	}
	return byTool, nil
}

// seatCells counts the seats of a day, or remembers them. Those who ask at the same moment wait for one count.
func (c *Company) seatCells(ctx context.Context, snap *snapshot, day adoption.Day) ([]seatCell, error) {
	c.seats.mu.Lock()
	defer c.seats.mu.Unlock()
	is := seatState{day: day}
	for d, run := range snap.edition.runs["person_day"] {
		if d <= day {
			is.facts = max(is.facts, run)
		}
	}
	for _, t := range snap.tools {
		if t.licensed {
			is.tools++
		}
	}
	versions, err := c.seats.directory.get(c, struct{}{}, func() (v [2]uint64, err error) {
		err = c.each(ctx, seatsStateSQL, nil, func(scan scanner) error { return scan(&v[0], &v[1]) })
		return v, err
	})
	if err != nil {
		return nil, err
	}
	is.people, is.licences = versions[0], versions[1]
	if cells, there := c.seats.books[is]; there {
		return cells, nil
	}
	cells, err := c.keptSeats(ctx, fmt.Sprintf("seats %+v", is), func() ([]seatCell, error) { return c.countSeats(ctx, is) })
	if err != nil {
		return nil, err
	}
	if c.seats.books == nil || len(c.seats.books) >= seatDays {
		c.seats.books = map[seatState][]seatCell{}
	}
	c.seats.books[is] = cells
	return cells, nil
}

// countSeats asks the store for the seats of a day.
func (c *Company) countSeats(ctx context.Context, is seatState) (cells []seatCell, err error) {
	for skip := uint64(0); skip < is.tools; skip += toolsAtOnce {
		err = c.each(ctx, seatsSQL, params{"day": is.day.String(), "skip": strconv.FormatUint(skip, 10)}, func(scan scanner) error {
			var cell seatCell
			err := scan(&cell.tool, &cell.unit, &cell.held, &cell.seasoned, &cell.idle, &cell.never)
			cells = append(cells, cell)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return cells, nil
}

// keptSeat is a seatCell as it is kept.
type keptSeat struct {
	Tool, Unit                  string
	Held, Seasoned, Idle, Never uint64
}

// keptSeats are seats that were counted before, or what count counts now.
func (c *Company) keptSeats(ctx context.Context, name string, count func() ([]seatCell, error)) ([]seatCell, error) {
	const about = "seats"
	found, err := recall[[]keptSeat](ctx, c, about, []string{name})
	if err != nil {
		return nil, err
	}
	cells := []seatCell{}
	if kept, there := found[name]; there {
		for _, s := range kept {
			cells = append(cells, seatCell{s.Tool, s.Unit, rawSeats{s.Held, s.Seasoned, s.Idle, s.Never}})
		}
		return cells, nil
	}
	if cells, err = count(); err != nil {
		return nil, err
	}
	kept := make([]keptSeat, len(cells))
	for i, s := range cells {
		kept[i] = keptSeat{s.tool, s.unit, s.held, s.seasoned, s.idle, s.never}
	}
	return cells, keep(ctx, c, about, map[string][]keptSeat{name: kept})
}

// readSeated counts, by tool and node of a scope, the people who have held their seat for 28 days, as groups by attribute
// were judged beside them; nil where there are no such groups of the day.
func (c *Company) readSeated(ctx context.Context, snap *snapshot, s *scope, day adoption.Day) (map[string][]uint64, error) {
	is := dayRun{day, snap.runOf("kpi_cell", day)}
	if is.run == 0 {
		return nil, nil
	}
	cells, err := c.seatedCells(ctx, is)
	byTool := map[string][]uint64{}
	for _, cell := range cells {
		if byTool[cell.tool] == nil {
			byTool[cell.tool] = make([]uint64, len(s.nodes))
		}
		if leaf, known := s.tree.leaf[cell.unit]; known {
			byTool[cell.tool][s.cell[leaf]] += cell.seasoned
		}
	}
	for _, people := range byTool {
		sumUp(s, people, addCount)
	}
	return byTool, err
}

// seatedCells counts them, or remembers them.
func (c *Company) seatedCells(ctx context.Context, is dayRun) ([]seatCell, error) {
	c.seats.mu.Lock()
	defer c.seats.mu.Unlock()
	if cells, there := c.seats.seated[is]; there {
		return cells, nil
	}
	cells, err := c.keptSeats(ctx, fmt.Sprintf("seated %+v", is), func() (cells []seatCell, err error) {
		err = c.each(ctx, seatsCellsSQL, params{"day": is.day.String()}, func(scan scanner) error {
			var cell seatCell
			err := scan(&cell.tool, &cell.unit, &cell.seasoned)
			cells = append(cells, cell)
			return err
		})
		return cells, err
	})
	if err != nil {
		return nil, err
	}
	if c.seats.seated == nil || len(c.seats.seated) >= seatDays {
		c.seats.seated = map[dayRun][]seatCell{}
	}
	c.seats.seated[is] = cells
	return cells, nil
}
