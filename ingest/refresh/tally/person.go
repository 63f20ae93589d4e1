package tally

import "math/bits"

// person is what one person did, made ready to be asked for window after window.
type person struct {
	uses  []toolUse // of each tool, and last of all tools
	slots []int     // by tool: 1 + its place in uses, 0 for none
	used  int       // tools used in the window at hand
}

// toolUse is what somebody did with a tool. Bit i of a set of days stands for the day with that offset.
type toolUse struct {
	tool                       uint16
	active, created, responded uint64
	window                     uint64 // active, in the window at hand: its last day is the highest of 28 bits
	done, contributed          sums
}

// sums[i] is what was done before offset i.
type sums [65]uint64

// in is the sum of the window that ends with a day: it begins with the offset of the same number.
func (s *sums) in(day int) uint64 { return s[day+before+1] - s[day] }

// gather takes up what somebody did.
func (p *person) gather(acts []Act) {
	for i := range p.uses {
		p.slots[p.uses[i].tool] = 0
	}
	p.uses = p.uses[:0]
	for i := range acts {
		p.use(acts[i].Tool).take(&acts[i])
	}
	all := *p.use(AllTools) // no act is of all tools: a new one, and the last
	for i := range p.uses[:len(p.uses)-1] {
		u := &p.uses[i]
		all.active |= u.active
		all.created |= u.created
		all.responded |= u.responded
		for d := range u.done {
			all.done[d] += u.done[d]
			all.contributed[d] += u.contributed[d]
		}
	}
	p.uses[len(p.uses)-1] = all
	for i := range p.uses {
		p.uses[i].done.cumulate()
		p.uses[i].contributed.cumulate()
	}
}

// use is the place of a tool, made if it is missing.
func (p *person) use(tool uint16) *toolUse {
	if p.slots[tool] == 0 {
		p.uses = append(p.uses, toolUse{tool: tool})
		p.slots[tool] = len(p.uses)
	}
	return &p.uses[p.slots[tool]-1]
}

func (u *toolUse) take(a *Act) {
	bit := uint64(1) << a.Offset
	u.active |= bit
	if a.Contributed > 0 {
		u.created |= bit
	}
	if a.Responded {
		u.responded |= bit
	}
	u.done[a.Offset+1] += a.Done
	u.contributed[a.Offset+1] += a.Contributed
}

func (s *sums) cumulate() {
	for i := 1; i < len(s); i++ {
		s[i] += s[i-1]
	}
}

// tools looks at the window that ends with a day, and counts the tools used in it.
func (p *person) tools(day int) {
	p.used = 0
	for i := range p.uses {
		u := &p.uses[i]
		u.window = u.active >> day & full
		if u.window != 0 && u.tool != AllTools {
			p.used++
		}
	}
}

// weigh is what one person with access counts for, in the window that ends with a day (METRICS: engagement_score).
func (p *person) weigh(u *toolUse, day int, done uint64) Use {
	days := bits.OnesCount64(u.window)
	one := Use{Active28: 1, ActiveDays: uint64(days)}
	if u.window >= lastDay {
		one.Active1 = 1
	}
	if u.window >= lastWeek {
		one.Active7 = 1
	}
	creates, responds := u.created>>day&full != 0, u.responded>>day&full != 0
	switch {
	case creates:
		one.Creators = 1
	case responds:
		one.Responders = 1
	default:
		one.Consumers = 1
	}
	breadth := 1.0
	if u.tool == AllTools {
		breadth = min(float64(p.used)/3, 1)
	} else {
		one.Actions = done
	}
	giving := 0.0
	if creates || responds {
		giving = 1
	}
	frequency, depth := min(float64(days)/12, 1), min(float64(done)/float64(days)/5, 1)
	one.Score = 100 * frequency * (0.50 + 0.25*depth + 0.15*giving + 0.10*breadth)
	return one
}
