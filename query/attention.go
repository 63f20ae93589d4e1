package query

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"uptake/adoption"
)

const (
	mostAttention  = 3 // on a page
	attentionShown = 5 // in an answer
)

// AttentionQuestion asks what a viewer should look at.
type AttentionQuestion struct {
	Unit string       // the viewer's unit: it and what is directly below it is looked at. "" is the company
	Tool string       // "" is all tools
	To   adoption.Day // the day as of which; 0, and every day that is not over, is the last closed day
}

// AttentionAnswer is the shape of GET /api/v1/attention.
type AttentionAnswer struct {
	Header
	Unit    UnitRef         `json:"unit"`
	Tool    ToolRef         `json:"tool"`
	Date    adoption.Day    `json:"date"`     // the closed day that all is as of
	Doubt   float64         `json:"doubt"`    // chance of one item or more by chance alone, over everything that the list looked at
	Looks   int             `json:"looks"`    // how many comparisons share that doubt
	LeftOut int             `json:"left_out"` // items that are less heavy than those listed
	Items   []AttentionItem `json:"items"`    // at most five: what puts figures in doubt, what got worse, what got better; of each the heaviest first
}

// AttentionItem is something worth a look, with its evidence. docs/attention.md has the rules.
type AttentionItem struct {
	Rule     string        `json:"rule"`
	Unit     UnitRef       `json:"unit"`
	Tool     ToolRef       `json:"tool"`
	Since    *adoption.Day `json:"since"` // nil where it has no beginning that is known
	Sentence string        `json:"sentence"`
	Evidence Evidence      `json:"evidence"`
	Weight   float64       `json:"weight"` // people concerned: people × points ÷ 100, seats, people in doubt
	Next     string        `json:"next"`   // the next step, as the words on a button
	Link     string        `json:"link"`   // the question that shows it
	Said     ItemSaid      `json:"-"`      // Sentence, Evidence.Words and Next, for other languages
	Trust    bool          `json:"-"`      // the button leads to the data-trust page, not to the unit
}

// Evidence is what an item rests on. All of it is in rows that the gate let through. Shares are 0..1.
type Evidence struct {
	Figure        string   `json:"figure"` // what Before to CompanyAfter are values of
	Before        *float64 `json:"before"`
	After         *float64 `json:"after"`
	CompanyBefore *float64 `json:"company_before"`
	CompanyAfter  *float64 `json:"company_after"`
	Count         *uint64  `json:"count"`   // of …
	Of            *uint64  `json:"of"`      // … so many: After, as it was counted
	Enabled       uint64   `json:"enabled"` // people with access, of the unit on the date
	P             *float64 `json:"p"`       // probability of the like by chance; under doubt ÷ looks. nil: nothing here is chance
	Words         string   `json:"words"`
}

// ItemSaid are the sentences of an item.
type ItemSaid struct{ Sentence, Words, Next Said }

// spoken writes the sentences of an item in English.
func (i AttentionItem) spoken() AttentionItem {
	i.Sentence, i.Evidence.Words, i.Next = i.Said.Sentence.In(inEnglish), i.Said.Words.In(inEnglish), i.Said.Next.In(inEnglish)
	return i
}

// Rules of attention.
const (
	ruleSilent   = "silent"
	ruleCoverage = "coverage"

	ruleFell      = "fell"
	ruleDormant   = "dormant"
	ruleStalled   = "stalled"
	ruleNotBegun  = "not_begun"
	ruleUnused    = "unused_seats"
	ruleLeavers   = "held_by_leavers"
	ruleSpread    = "concentrated"
	ruleNoAccess  = "without_access"
	ruleNotListed = "unlisted"

	ruleRose = "rose"
)

// class is the order of rules: what makes other figures doubtful comes first, good news last.
func class(rule string) int {
	switch rule {
	case ruleSilent, ruleCoverage:
		return 0
	case ruleRose:
		return 2
	}
	return 1
}

// ParseAttention reads a question from URL parameters. Left out: the company, all tools, the last closed day.
func ParseAttention(values url.Values, _ adoption.Day) (q AttentionQuestion, err error) {
	return q, parameters{{"unit", textInto(&q.Unit)}, {"tool", textInto(&q.Tool)}, {"to", dayInto(&q.To)}}.read(values)
}

// Attention lists what is worth a look in a unit and directly below it. An unknown unit or tool is NotFound.
func (c *Company) Attention(ctx context.Context, q AttentionQuestion) (*AttentionAnswer, error) {
	if q.Unit == "" {
		q.Unit = adoption.Company
	}
	if q.Tool == "" {
		q.Tool = adoption.AllTools
	}
	var answer *AttentionAnswer
	err := c.consistently(ctx, func(snap *snapshot) error {
		list, err := c.watched(ctx, snap, q.Unit, q.Tool, q.To)
		if err != nil {
			return err
		}
		shown := min(len(list.items), attentionShown)
		answer = &AttentionAnswer{Header: c.header(list.date), Unit: UnitRef{q.Unit, list.name}, Tool: ToolRef{q.Tool, snap.toolName(q.Tool)}, Date: list.date,
			Doubt: listDoubt, Looks: list.looks, Items: list.items[:shown], LeftOut: len(list.items) - shown}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// items are all that the rules find, in order.
func (w *watch) items() []AttentionItem {
	list := []AttentionItem{}
	for _, rule := range []func() []AttentionItem{
		w.silentFeeds, w.lowCoverage, w.changed, w.unusedSeats, w.leaversSeats, w.concentrated, w.withoutAccess, w.unlistedTools,
	} {
		for _, item := range rule() {
			list = append(list, item.spoken())
		}
	}
	slices.SortStableFunc(list, func(x, y AttentionItem) int {
		return cmp.Or(cmp.Compare(class(x.Rule), class(y.Rule)), cmp.Compare(y.Weight, x.Weight), cmp.Compare(x.Rule, y.Rule),
			cmp.Compare(x.Unit.ID, y.Unit.ID), cmp.Compare(x.Tool.ID, y.Tool.ID))
	})
	return eachRuleFirst(list)
}

// eachRuleFirst puts the first that each rule found before the second of any, so that three tools with empty seats do not
// keep out of sight what another rule has seen.
func eachRuleFirst(list []AttentionItem) []AttentionItem {
	before := map[string]int{} // how many of a rule stand further up
	place := make([]int, len(list))
	order := make([]int, len(list))
	for i, item := range list {
		place[i], order[i] = before[item.Rule], i
		before[item.Rule]++
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(class(list[i].Rule), class(list[j].Rule)), cmp.Compare(place[i], place[j]))
	})
	ordered := make([]AttentionItem, len(list))
	for i, at := range order {
		ordered[i] = list[at]
	}
	return ordered
}

// changed is what happened to each unit, the most telling rule about each.
func (w *watch) changed() []AttentionItem {
	var list []AttentionItem
	for _, unit := range w.units() {
		for _, rule := range []func(string) (AttentionItem, bool){w.moved, w.dropsOut, w.stands} {
			if item, told := rule(unit); told {
				list = append(list, item)
				break
			}
		}
	}
	return list
}
