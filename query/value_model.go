package query

import (
	"context"
	"sync"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/worth"
)

// valueSeed is what all figures are drawn with: the same question has the same answer everywhere.
const valueSeed = 1

// valueModels is how many models a snapshot remembers: of a bank each has some 40 MB.
const valueModels = 3

// valueModel is the model of a version and a span.
type valueModel struct {
	model    *worth.Model
	book     *valueBook
	currency string
	newTools []string

	mu   sync.Mutex
	rows map[valueRowsKey][]ValueRow // of questions that were asked; nobody changes them
}

// valueAnswers is how many answers a model remembers.
const valueAnswers = 32

type valueRowsKey struct {
	unit, tool string
	children   bool
}

// remembered are the rows of a question, worked out where nobody has asked it yet.
func (m *valueModel) remembered(key valueRowsKey, work func() []ValueRow) []ValueRow {
	m.mu.Lock()
	rows, there := m.rows[key]
	m.mu.Unlock()
	if there {
		return rows
	}
	rows = work()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows == nil || len(m.rows) >= valueAnswers {
		m.rows = map[valueRowsKey][]ValueRow{}
	}
	m.rows[key] = rows
	return rows
}

type valueKey struct {
	version  uint64
	from, to adoption.Day
}

// valueMemo remembers the last models that were asked for, as long as the snapshot lasts.
type valueMemo struct {
	mu     sync.Mutex
	keys   []valueKey // the oldest first
	models map[valueKey]*valueModel
}

func (m *valueMemo) get(key valueKey) *valueModel {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.models[key]
}

func (m *valueMemo) put(key valueKey, v *valueModel) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.models == nil {
		m.models = map[valueKey]*valueModel{}
	}
	if m.models[key] == nil {
		m.keys = append(m.keys, key)
	}
	m.models[key] = v
	if len(m.keys) > valueModels {
		delete(m.models, m.keys[0])
		m.keys = m.keys[1:]
	}
}

// valueModel makes the model of a version and a span, or remembers it.
func (c *Company) valueModel(ctx context.Context, snap *snapshot, doc *assumptions.Document, version uint64, from, to adoption.Day) (*valueModel, error) {
	key := valueKey{version, from, to}
	if known := snap.valued.get(key); known != nil {
		return known, nil
	}
	book, err := c.valueBook(ctx, snap, from, to)
	if err != nil {
		return nil, err
	}
	v, err := modelOf(snap, doc, book, from, to)
	if err == nil {
		snap.valued.put(key, v)
	}
	return v, err
}

// modelOf makes the model of a document and a span from what the gates show.
func modelOf(snap *snapshot, doc *assumptions.Document, book *valueBook, from, to adoption.Day) (*valueModel, error) {
	v := &valueModel{book: book, currency: doc.Currency, newTools: []string{}}
	var tools []adoption.Tool
	for _, t := range snap.tools {
		tools = append(tools, t.Tool)
		if _, has := doc.Tools[t.ID]; !has {
			v.newTools = append(v.newTools, t.ID)
		}
	}
	company := worth.Company{From: from, To: to}
	for _, n := range snap.tree.nodes {
		company.Units = append(company.Units, worth.Place{ID: n.unit.ID, Parent: n.unit.Parent})
	}
	company.Units[0].Parent = ""
	for _, e := range book.entries {
		if e.shown != nil {
			company.Uses = append(company.Uses, *e.shown)
		}
	}
	var err error
	v.model, err = worth.New(doc.WithNewTools(tools, snap.state.today), company, worth.Draws, valueSeed)
	return v, err
}
