package query

import "uptake/adoption"

// seatGate judges figures about seats. It stands on the gate, which makes the frame of each row. Its scope is the whole
// tree: what may be told of a unit follows from what is known of those below it, too.
type seatGate struct {
	*gate
	day    adoption.Day
	seats  map[string][]rawSeats // by tool
	seated map[string][]uint64   // by tool, those held for 28 days as attributes were judged beside them; nil: no attributes are told
	judges map[string]*seatJudge // by tool
}

// rows are those of the place asked for and a tool, as gate.rows has them.
func (g *seatGate) rows(at place, tool string, children bool) []SeatsRow {
	var rows []SeatsRow
	for _, of := range g.groups(at, tool, g.day, children) {
		row := SeatsRow{RowFrame: g.row(of, tool, adoption.PeriodEnd{Date: g.day}).RowFrame}
		g.write(&row, of)
		rows = append(rows, row)
	}
	return rows
}

// write writes down what may be shown of a group's seats.
//
// Those who have held a seat for 28 days are a part of the enabled people, and how many of all of these are inactive is
// told elsewhere: so the figures of the others, who got access a short while ago, can be had by subtraction, and so
// can the ones of some groups less the others of other groups: none of these may be about few (seatJudge).
func (g *seatGate) write(row *SeatsRow, of group) {
	if t, known := g.snap.tool(row.Tool); known && of.node == 0 && t.Seats > 0 {
		bought := uint64(t.Seats)
		row.Bought = &bought
	}
	if !g.caughtUp(row.Tool) {
		return
	}
	seats := g.seats[row.Tool]
	held := total(seats, of.members, (*rawSeats).add)
	leavers := g.leavers(row.Tool, of)
	row.HeldByLeavers = &leavers
	assigned := row.Enabled + leavers
	row.Assigned = &assigned
	if row.Bought != nil && *row.Bought >= assigned {
		spare := *row.Bought - assigned
		row.Unassigned = &spare
	}
	if !g.shows(row.Tool, of) {
		return
	}
	var of28 rawSeats
	if row.Enabled > 0 {
		of28 = held
		of28.take(g.leaverSeats(row.Tool, of))
	}
	unused := of28.idle + leavers
	row.Held28, row.Idle, row.NeverUsed, row.Unused = &of28.seasoned, &of28.idle, &of28.never, &unused
	row.UnusedShare = ratio(float64(unused), float64(assigned))
}

// caughtUp tells whether the seats are of the same people as the figures, and those held for 28 days of the same as what is
// told by attributes. Between a change of the directory and the refresh that follows they are not: what is counted now
// would be judged by the groups of before.
func (g *seatGate) caughtUp(tool string) bool {
	enabled := g.enabledPeople(g.day, tool)
	for n := range g.scope.nodes {
		seats := at(g.seats[tool], n)
		seats.take(g.leaverSeats(tool, one(n)))
		if seats.held != enabled[n] || g.seated != nil && seats.seasoned != at(g.seated[tool], n) {
			return false
		}
	}
	return true
}

// leaverSeats are the seats in a group that people without membership hold.
func (g *seatGate) leaverSeats(tool string, of group) (lost rawSeats) {
	for _, n := range of.members {
		if n == 0 || n == g.unassigned() {
			lost.add(at(g.seats[tool], g.unassigned()))
		}
	}
	return lost
}

// leavers counts them. Who is assigned a seat is no secret, and nothing is told about what these people do.
func (g *seatGate) leavers(tool string, of group) uint64 { return g.leaverSeats(tool, of).held }

// shows tells whether the figures of those who have held their seat for 28 days are told of a group.
func (g *seatGate) shows(tool string, of group) bool {
	j := g.judges[tool]
	if j == nil {
		j = g.judge(tool)
		if g.judges == nil {
			g.judges = map[string]*seatJudge{}
		}
		g.judges[tool] = j
	}
	return j.told[seatGroup{of.node, of.rest}]
}

func (g *seatGate) judge(tool string) *seatJudge {
	enabled := g.enabledPeople(g.day, tool)
	j := &seatJudge{scope: g.scope, p: g.enabledPartition(g.day, tool), order: g.headcount(g.day.FirstOfMonth()), k: g.k, parts: make([]seatParts, len(enabled))}
	for n := range enabled {
		held := at(g.seats[tool], n)
		held.take(g.leaverSeats(tool, one(n)))
		j.parts[n] = seatParts{held.seasoned, enabled[n] - held.seasoned}
	}
	j.judge()
	return j
}
