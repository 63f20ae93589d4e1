package query

import (
	"context"
	"fmt"
	"net/url"

	"uptake/adoption"
)

// SeatsQuestion asks for the seats of licensed tools on a day.
type SeatsQuestion struct {
	Unit     string       // as in AdoptionQuestion; "" is the company
	Tool     string       // "" is every licensed tool, each in rows of its own
	To       adoption.Day // 0 is the last closed day
	Children bool
}

// SeatsAnswer is the shape of GET /api/v1/seats: by tool; of a tool the unit asked for, then its children by id, then
// its rest. Tools that are open to everyone have no seats and no rows.
type SeatsAnswer = Answer[SeatsRow]

// SeatsRow is what becomes of the seats of a tool: a person's licence on the row's date. Assigned to HeldByLeavers are nil
// where the figures have not caught up with a change of the directory yet; Held28 to UnusedShare, too, where a group is hidden.
type SeatsRow struct {
	RowFrame
	Bought        *uint64  `json:"bought"`          // as entered in tools.csv; the company only, nil where nobody has
	Assigned      *uint64  `json:"assigned"`        // enabled + held_by_leavers
	Unassigned    *uint64  `json:"unassigned"`      // bought − assigned; nil where more are assigned than bought
	HeldByLeavers *uint64  `json:"held_by_leavers"` // of people who are in no unit: counted in unassigned and in the company
	Held28        *uint64  `json:"held_28"`         // of the enabled: by a licence on each of the 28 days
	Idle          *uint64  `json:"idle"`            // of these: not active in the 28 days
	NeverUsed     *uint64  `json:"never_used"`      // of these: not active ever
	Unused        *uint64  `json:"unused"`          // idle + held_by_leavers
	UnusedShare   *float64 `json:"unused_share"`    // unused ÷ assigned
}

// ParseSeats reads a question about seats from URL parameters. Left out: the company, every licensed tool, the last closed
// day. Errors are InvalidParameter and name the field.
func ParseSeats(values url.Values, _ adoption.Day) (q SeatsQuestion, err error) {
	return q, parameters{
		{"unit", textInto(&q.Unit)}, {"tool", textInto(&q.Tool)}, {"to", dayInto(&q.To)}, {"children", flagInto(&q.Children)},
	}.read(values)
}

// Seats answers who holds seats without using them. An unknown unit or tool is NotFound.
func (c *Company) Seats(ctx context.Context, q SeatsQuestion) (*SeatsAnswer, error) {
	if q.Unit == "" {
		q.Unit = adoption.Company
	}
	var answer *SeatsAnswer
	err := c.consistently(ctx, func(snap *snapshot) error {
		if q.Tool != "" {
			if err := snap.hasTool(q.Tool); err != nil {
				return err
			}
		}
		day := q.To
		if day == 0 {
			day = snap.lastClosed()
		}
		rows, err := c.seatRows(ctx, snap, seatInquiry{unit: q.Unit, tool: q.Tool, day: day, children: q.Children})
		answer = &SeatsAnswer{Header: c.header(day), Rows: rows}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// seatInquiry is a question about seats that is known to be about a day. tool "" and "all" are every licensed tool.
type seatInquiry struct {
	unit, tool string
	day        adoption.Day
	children   bool
}

// licensedTools lists those of the tools asked for that have seats.
func (in seatInquiry) licensedTools(snap *snapshot) []string {
	var tools []string
	for _, t := range snap.tools {
		if t.licensed && (in.tool == "" || in.tool == adoption.AllTools || in.tool == t.ID) {
			tools = append(tools, t.ID)
		}
	}
	return tools
}

func (c *Company) seatRows(ctx context.Context, snap *snapshot, in seatInquiry) ([]SeatsRow, error) {
	rows := []SeatsRow{}
	at, err := snap.place(in.unit)
	if err != nil {
		return nil, err
	}
	tools := in.licensedTools(snap)
	if !snap.days[in.day] || len(tools) == 0 {
		return rows, nil
	}
	g, err := c.seatGate(ctx, snap, in.day, tools)
	if err != nil {
		return nil, err
	}
	for _, tool := range tools {
		rows = append(rows, g.rows(at, tool, in.children)...)
	}
	if at.rest && len(rows) == 0 {
		return nil, noRest(in.unit)
	}
	return rows, nil
}

// seatsEverywhere are the rows of every unit and licensed tool on a day that figures exist for.
func (c *Company) seatsEverywhere(ctx context.Context, snap *snapshot, day adoption.Day) (rows []SeatsRow, err error) {
	tools := seatInquiry{}.licensedTools(snap)
	if len(tools) == 0 {
		return nil, nil
	}
	g, err := c.seatGate(ctx, snap, day, tools)
	if err != nil {
		return nil, err
	}
	for n := range snap.tree.nodes {
		for _, tool := range tools {
			rows = append(rows, g.rows(place{node: n}, tool, false)...)
		}
	}
	return rows, nil
}

// seatGate reads what the seats of a day need, and judges it.
func (c *Company) seatGate(ctx context.Context, snap *snapshot, day adoption.Day, tools []string) (*seatGate, error) {
	s := snap.tree.whole()
	r, err := c.read(ctx, snap, s, need{days: []adoption.Day{day}, tools: tools})
	if err != nil {
		return nil, err
	}
	seats, err := c.readSeats(ctx, snap, s, day)
	if err != nil {
		return nil, err
	}
	seated, err := c.readSeated(ctx, snap, s, day)
	if err != nil {
		return nil, fmt.Errorf("count seats beside attributes: %w", err)
	}
	return &seatGate{gate: newGate(snap, s, r, c.minGroup()), day: day, seats: seats, seated: seated}, nil
}
