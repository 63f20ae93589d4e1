package query

import (
	"context"
	_ "embed"
	"fmt"
)

//go:embed habits.sql
var habitsSQL string

// rawHabit counts the enabled people of a node by their habits; those without any are the other enabled people.
type rawHabit struct{ power, habitual, novice, low uint64 }

func (h *rawHabit) add(v rawHabit) {
	h.power += v.power
	h.habitual += v.habitual
	h.novice += v.novice
	h.low += v.low
}

// readHabits is the habits of a portion, by node of its scope.
func (c *Company) readHabits(ctx context.Context, p *portion) (map[dayTool][]rawHabit, error) {
	habits := map[dayTool][]rawHabit{}
	err := readCells(ctx, c, p.scope, habitsSQL, p.days(), []string{p.tool}, habits, (*rawHabit).add, func(v *rawHabit) []any {
		return []any{&v.power, &v.habitual, &v.novice, &v.low}
	})
	if err != nil {
		return nil, fmt.Errorf("read habits: %w", err)
	}
	return habits, nil
}
