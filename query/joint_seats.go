package query

import "slices"

// Figures about seats speak of a part of the people that adoption is shown of: those who have held their seat for 28 days.
// Of which groups they are told, the units alone decide (seatJudge). So they are one more partition, beside which
// attributes are judged: everything that they tell beyond adoption adds up to one number for each piece, the people of a
// group that they are told of who are in no smaller one of these.

// seatPieces numbers, from 1 on, the pieces in which there are people of both parts. 0 is everybody else: of a piece with
// one part only the units tell as much.
type seatPieces struct {
	of   []int32 // by node of the scope
	long []bool  // of each piece, by its number: the part counted is those who have held their seat for long, else the others
}

// pieces are those of a tool that was judged. Of each, the smaller part is taken: it is the scarce one, and the other is the
// units less this one.
func (j *seatJudge) pieces() *seatPieces {
	p := &seatPieces{of: make([]int32, len(j.scope.nodes)), long: []bool{false}}
	sums, numbers := map[seatGroup]*seatParts{}, map[seatGroup]int32{}
	for n, node := range j.scope.nodes {
		if g, told := j.toldIn(n); told && len(node.children) == 0 {
			if sums[g] == nil {
				sums[g] = &seatParts{}
			}
			sums[g].add(j.parts[n])
		}
	}
	for n, node := range j.scope.nodes {
		g, told := j.toldIn(n)
		if !told || len(node.children) > 0 || sums[g].long == 0 || sums[g].short == 0 {
			continue
		}
		if numbers[g] == 0 {
			numbers[g] = int32(len(p.long))
			p.long = append(p.long, sums[g].long < sums[g].short)
		}
		p.of[n] = numbers[g]
	}
	return p
}

// toldIn is the smallest group with the people of a node that seats are told of.
func (j *seatJudge) toldIn(n int) (g seatGroup, told bool) {
	for g = (seatGroup{node: n}); j.p.hidden[g.node]; {
		if g.node == 0 {
			return g, false
		}
		parent := j.scope.nodes[g.node].parent
		g = seatGroup{parent, !j.p.hidden[parent]}
		if g.rest {
			break
		}
	}
	for !j.told[g] {
		switch {
		case g.rest:
			g.rest = false
		case g.node == 0:
			return g, false
		default:
			g.node = j.scope.nodes[g.node].parent
		}
	}
	return g, true
}

// at is the piece whose counted part the people of a node are in.
func (p *seatPieces) at(node int, long bool) int32 {
	if p == nil {
		return 0
	}
	if piece := p.of[node]; piece > 0 && p.long[piece] == long {
		return piece
	}
	return 0
}

// having tells, by place in access, who has access to a tool, and whose seat has been held for 28 days.
func (b *peopleBook) having(tool string) (allowed, seated []bool) {
	allowed, seated = make([]bool, len(b.access)), make([]bool, len(b.access))
	for i, a := range b.access {
		allowed[i], seated[i] = slices.Contains(a.tools, tool), slices.Contains(a.seated, tool)
	}
	return allowed, seated
}

// seatParts counts the people with access to a tool who have held its seat for 28 days and the others, by node.
func (b *peopleBook) seatParts(s *scope, tool string) []seatParts {
	parts := make([]seatParts, len(s.nodes))
	allowed, seated := b.having(tool)
	for _, c := range b.cells {
		into := &parts[s.cell[s.tree.leaf[b.units[c.unit]]]]
		switch {
		case seated[c.access]:
			into.long += c.people
		case allowed[c.access]:
			into.short += c.people
		}
	}
	sumUp(s, parts, (*seatParts).add)
	return parts
}
