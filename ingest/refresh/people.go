package refresh

import (
	"context"
	_ "embed"
	"encoding/binary"
	"fmt"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// What follows a person through days and weeks is counted here and not by the store: package tally does in one pass what
// takes a statement of the store ten times as long, for the store has every day of a person in 28 windows and adds each
// up for itself, and it takes a tenth of a second to plan such a statement, however small the company.

//go:embed people_with.sql
var peopleWith string

// names are what the numbers in the answers of windows.sql and weeks.sql stand for.
type names struct {
	tools, units, values []string // by number; 0 is none
	licensed             []bool   // tools, by number
}

// writeCounted computes what is counted here, of all that is planned.
func (w *work) writeCounted(ctx context.Context) error {
	windows, weeks := w.windows(), w.weekly()
	if len(windows)+len(weeks) == 0 {
		return nil
	}
	names, err := w.readNames(ctx)
	if err != nil {
		return err
	}
	if err := w.writeWindows(ctx, windows, names); err != nil {
		return err
	}
	return w.writeWeeks(ctx, weeks, names)
}

// readNames reads the names that the answers have numbers for, and which tools need a licence. All together need one
// where none of them is open.
func (w *work) readNames(ctx context.Context) (*names, error) {
	var tools, units, values []string
	var licensed []uint16
	sql := factsWith + peopleWith + "SELECT tool_names, unit_names, value_names, (SELECT groupUniqArray(toUInt16(transform(tool, tool_names, tool_numbers, toUInt16(0)))) FROM licences)"
	today := stretch{w.today, w.today}
	if err := w.one(ctx, "read the names of tools and units", sql, w.peopleParams(today, today, 0, 1), &tools, &units, &values, &licensed); err != nil {
		return nil, err
	}
	n := &names{append([]string{""}, tools...), append([]string{"unassigned"}, units...), append([]string{""}, values...), make([]bool, len(tools)+1)}
	for _, tool := range licensed {
		n.licensed[tool] = true
	}
	n.licensed[tally.AllTools] = !w.is.allOpen()
	return n, nil
}

// numbers says which numbers there are.
func (n *names) numbers() tally.Names {
	return tally.Names{Units: len(n.units), Tools: len(n.tools), Values: len(n.values), Licensed: n.licensed}
}

// groups is how many units and tools there are together, known or not.
func (n *names) groups() int { return len(n.units) * len(n.tools) }

// peopleParams are the parameters of facts_with.sql and people_with.sql: of a group of persons, of so many.
func (w *work) peopleParams(read, placed stretch, group, groups int) params {
	p := w.factsParams(read)
	p["placed_from"], p["placed_to"] = max(placed.from, 0), placed.to
	p["group"], p["groups"] = group, groups
	return p
}

// How many bytes the statements write for each.
const (
	actWidth   = 2 + 1 + 1 + 8 + 8
	didWidth   = 2 + 1 + 1
	beganWidth = 2 + 2
	stayWidth  = 4 + 3*4 + 2 + 2
	grantWidth = 2 + 2 + 2
)

// number reads numbers of fixed widths.
var number = binary.LittleEndian

// decode reads the rows that a text consists of into a list, in place of what it held.
func decode[T any](into *[]T, text []byte, width int, row func([]byte) T) error {
	if len(text)%width != 0 {
		return fmt.Errorf("rows of %d bytes in a text of %d", width, len(text))
	}
	*into = (*into)[:0]
	for ; len(text) > 0; text = text[width:] {
		*into = append(*into, row(text))
	}
	return nil
}

func act(b []byte) tally.Act {
	return tally.Act{Tool: number.Uint16(b), Offset: b[2], Responded: b[3] != 0, Contributed: number.Uint64(b[4:]), Done: number.Uint64(b[12:])}
}

func did(b []byte) tally.Did { return tally.Did{Tool: number.Uint16(b), Week: b[2], Done: b[3]} }

func began(b []byte) tally.Began { return tally.Began{Tool: number.Uint16(b), Day: date(b[2:])} }

func stay(b []byte) tally.Stay {
	return tally.Stay{Unit: number.Uint32(b), Values: [tally.Attributes]uint32{number.Uint32(b[4:]), number.Uint32(b[8:]), number.Uint32(b[12:])}, From: date(b[16:]), To: date(b[18:])}
}

func grant(b []byte) tally.Grant {
	return tally.Grant{Tool: number.Uint16(b), From: date(b[2:]), To: date(b[4:])}
}

func date(b []byte) adoption.Day { return adoption.Day(number.Uint16(b)) }
