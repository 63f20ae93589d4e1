package query

import (
	"context"
	"fmt"

	"uptake/adoption"
)

const keptJudgements = "judgements"

// keptJudgement is a judgement as it is kept.
type keptJudgement struct {
	Small         bool
	Names         [attributeCount][]string
	People, Order [attributeCount][]uint64
	Hidden        [attributeCount][]bool
	Heads         [attributeCount]map[string]uint64
}

func (j *byJudgement) toKeep() keptJudgement {
	k := keptJudgement{Small: j.small, Names: j.names, Heads: j.heads}
	for m, values := range j.values {
		for _, v := range values {
			k.People[m], k.Order[m], k.Hidden[m] = append(k.People[m], v.people), append(k.Order[m], v.order), append(k.Hidden[m], v.hidden)
		}
	}
	return k
}

func (k keptJudgement) judgement() *byJudgement {
	j := &byJudgement{small: k.Small, names: k.Names, heads: k.Heads}
	for m, people := range k.People {
		j.values[m] = make([]byValue, len(people))
		for i := range people {
			j.values[m][i] = byValue{people[i], k.Order[m][i], k.Hidden[m][i]}
		}
	}
	return j
}

// name names all that a judgement follows from.
func (k judgedKey) name() string { return fmt.Sprintf("%+v", k) }

// recallJudged takes over what was judged of days before the process began, and says which days must be judged.
func (c *Company) recallJudged(ctx context.Context, d byDays, j *byJudge, days []adoption.Day, tools []string) (missing []adoption.Day, err error) {
	var names []string
	for _, day := range days {
		for _, tool := range tools {
			names = append(names, d.key(dayTool{day, tool}, c.minGroup()).name())
		}
	}
	found, err := recall[keptJudgement](ctx, c, keptJudgements, names)
	if err != nil {
		return nil, err
	}
	for _, day := range days {
		for _, tool := range tools {
			key := d.key(dayTool{day, tool}, c.minGroup())
			if kept, there := found[key.name()]; there {
				c.books.remember(key, kept.judgement())
			}
		}
	}
	return j.find(c, d, days, tools), nil
}

// keepJudged keeps what was judged of a day, by tool.
func (c *Company) keepJudged(ctx context.Context, d byDays, day adoption.Day, judged map[string]*byJudgement) error {
	values := map[string]keptJudgement{}
	for tool, j := range judged {
		values[d.key(dayTool{day, tool}, c.minGroup()).name()] = j.toKeep()
	}
	return keep(ctx, c, keptJudgements, values)
}
