package query

import "context"

// HabitDays is how long habits are looked at: 12 ISO weeks (METRICS: Habit).
const HabitDays = 84

// HabitsAnswer is the shape of GET /api/v1/habits. Its window are the 12 ISO weeks that end before a row's date: the same
// for all days of a week.
type HabitsAnswer = Answer[HabitRow]

// HabitRow sorts the enabled people of a row by what they did in the 12 ISO weeks that end before its date: A is the
// number of weeks with an action, a the actions ÷ 12; the first that fits counts. The five counts add up to Enabled. All
// are nil where the group is hidden. Trust.GapDays speaks of the 12 weeks.
type HabitRow struct {
	RowFrame
	Power             *uint64  `json:"power"`               // A ≥ 9 and a ≥ 15
	Habitual          *uint64  `json:"habitual"`            // A ≥ 9
	Novice            *uint64  `json:"novice"`              // a ≥ 1
	Low               *uint64  `json:"low"`                 // a > 0
	None              *uint64  `json:"none"`                // no action
	PowerHabitualRate *float64 `json:"power_habitual_rate"` // (power + habitual) ÷ enabled, 0..1; nil where nobody is enabled
}

// Habits answers how many people use a tool out of habit, now and then, or not at all. Errors are those of Adoption.
func (c *Company) Habits(ctx context.Context, q AdoptionQuestion) (*HabitsAnswer, error) {
	answer, err := portioned(ctx, c, q, c.habitRows)
	if err != nil {
		return nil, err
	}
	answer.WindowDays = HabitDays
	return answer, nil
}

func (c *Company) habitRows(ctx context.Context, p *portion) ([]HabitRow, error) {
	g, err := c.habitGate(ctx, p)
	if err != nil {
		return nil, err
	}
	var rows []HabitRow
	for _, end := range p.ends {
		rows = append(rows, g.rows(p, end)...)
	}
	return rows, nil
}

// habitsEverywhere are the rows of every node of a portion's scope.
func (c *Company) habitsEverywhere(ctx context.Context, p *portion) ([]HabitRow, error) {
	g, err := c.habitGate(ctx, p)
	if err != nil {
		return nil, err
	}
	var rows []HabitRow
	for _, n := range p.scope.nodes {
		one := *p
		one.at = place{node: n.node}
		for _, end := range p.ends {
			rows = append(rows, g.rows(&one, end)...)
		}
	}
	return rows, nil
}

// habitGate reads what the habits of a portion need, and judges it.
func (c *Company) habitGate(ctx context.Context, p *portion) (*habitGate, error) {
	r, err := c.read(ctx, p.snap, p.scope, need{days: p.days(), tools: []string{p.tool}})
	if err != nil {
		return nil, err
	}
	habits, err := c.readHabits(ctx, p)
	if err != nil {
		return nil, err
	}
	return &habitGate{gate: newGate(p.snap, p.scope, r, c.minGroup()), habits: habits, written: p.snap.edition.runs["kpi_habit"]}, nil
}
