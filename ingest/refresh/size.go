package refresh

import (
	"context"
	"slices"
	"strconv"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// sizeDaysAtOnce bounds the days of counts by unit and tool, and with them the memory.
const sizeDaysAtOnce = 64

// writeSize counts how many people each unit has on each of the planned days (without a tool), and how many of them have access
// to each licensed tool.
func (w *work) writeSize(ctx context.Context, of *directory) error {
	rows := w.rows(ctx, "INSERT INTO kpi_size (day, run, unit, tool, people)")
	for part := range slices.Chunk(w.size.sorted(), sizeDaysAtOnce) {
		for i, in := range of.sizes(part) {
			for day, people := range in {
				if people == 0 {
					continue
				}
				if err := rows.add(part[day].Time(), w.run, of.units[i/len(of.tools)], of.tools[i%len(of.tools)], people); err != nil {
					return err
				}
			}
		}
		if err := rows.send(); err != nil { // a few days at a time, for an insert must not have too many months
			return err
		}
		w.step(len(part))
	}
	return nil
}

// sizes are how many people there are, by unit and tool, 0 for those with and without access, then by day.
func (d *directory) sizes(on []adoption.Day) [][]uint64 {
	counts := make([][]uint64, d.groups())
	count := func(unit uint32, tool, day int) {
		in := &counts[int(unit)*len(d.tools)+tool]
		if *in == nil {
			*in = make([]uint64, len(on))
		}
		(*in)[day]++
	}
	d.each(on, func(p *tally.Person, stay *tally.Stay, day int) {
		count(stay.Unit, 0, day)
		for tool, licensed := range d.licensed {
			if licensed && p.Granted(uint16(tool), on[day]) {
				count(stay.Unit, tool, day)
			}
		}
	})
	return counts
}

// each calls found for everybody on each of some days, in order, on which he or she belongs somewhere; day is the day's
// place among them.
func (d *directory) each(on []adoption.Day, found func(p *tally.Person, stay *tally.Stay, day int)) {
	for i := range d.people {
		p := &d.people[i]
		for s := range p.Stays {
			stay := &p.Stays[s]
			first, _ := slices.BinarySearch(on, stay.From)
			for day := first; day < len(on) && on[day] <= stay.To; day++ {
				found(p, stay, day)
			}
		}
	}
}

// cellDaysAtOnce bounds the memory of sorting all people for each of so many days.
const cellDaysAtOnce = 16

// sameness is what people of a day may have in common.
type sameness struct {
	day    int
	unit   uint32
	values [tally.Attributes]uint32
	tools  string // a byte for each tool: without access, withAccess or seated
}

// What people have of a licensed tool on a day.
const (
	withAccess byte = 1 + iota
	seated          // with a licence of that tool on each of the seatDays that end with the day
)

// seatDays is for how long a seat is held until it can be idle: the window of the figures about seats.
const seatDays = 28

// writeCells counts the people of the planned days who are the same in unit, location, role, year of hiring, access and seats.
func (w *work) writeCells(ctx context.Context, of *directory) error {
	rows := w.rows(ctx, "INSERT INTO kpi_cell (day, run, unit, location, role, hired, tools, seated, people)")
	for part := range slices.Chunk(w.cells.sorted(), cellDaysAtOnce) {
		for c, people := range of.cells(part) {
			hired, _ := strconv.ParseUint(of.values[c.values[2]], 10, 16) // 0 where unknown
			err := rows.add(part[c.day].Time(), w.run, of.units[c.unit], of.values[c.values[0]], of.values[c.values[1]], uint16(hired), of.having(c.tools, withAccess), of.having(c.tools, seated), people)
			if err != nil {
				return err
			}
		}
		if err := rows.send(); err != nil { // a few days at a time, for an insert must not have too many months
			return err
		}
		w.step(len(part))
	}
	return nil
}

func (d *directory) cells(on []adoption.Day) map[sameness]uint64 {
	counts := map[sameness]uint64{}
	interned := map[string]string{} // people have access to the same few sets of tools
	tools := make([]byte, len(d.tools))
	d.each(on, func(p *tally.Person, stay *tally.Stay, day int) {
		for tool, licensed := range d.licensed {
			tools[tool] = 0
			if licensed && p.Granted(uint16(tool), on[day]) {
				tools[tool] = withAccess
				if tool != tally.AllTools && p.Held(uint16(tool), on[day]-seatDays+1, on[day]) {
					tools[tool] = seated
				}
			}
		}
		set, ok := interned[string(tools)]
		if !ok {
			set = string(tools)
			interned[set] = set
		}
		counts[sameness{day, stay.Unit, stay.Values, set}]++
	})
	return counts
}

// having are the names of a sameness's tools of which people have that much, or more, in order.
func (d *directory) having(tools string, much byte) []string {
	names := []string{}
	for i, name := range d.tools {
		if tools[i] >= much {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
