package query

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"uptake/adoption"
	"uptake/value/ledger"
	"uptake/value/worth"
)

// ScenariosAnswer is the shape of GET /api/v1/value/scenarios.
type ScenariosAnswer struct {
	ValueHeader
	Scenarios []ValueScenario `json:"scenarios"` // as now first
	Saved     []SavedScenario `json:"saved"`     // by id
}

// ValueScenario is what the header's unit and tool would be worth if.
type ValueScenario struct {
	Name       string        `json:"name"`
	Adoption   *float64      `json:"adoption"` // active ÷ enabled in this scenario; nil for all tools, and where nobody is enabled
	Value      *ValueFigures `json:"value"`    // nil with the reason in Why
	Difference *worth.Figure `json:"npv_difference"`
	Why        string        `json:"why,omitempty"`
}

// SavedScenario is a scenario that somebody has saved: a question that always has the same assumptions.
type SavedScenario struct {
	ScenarioPlan
	Signature
	At time.Time `json:"at"`
}

// ScenarioPlan is what is kept of a scenario: enough to work it out again.
type ScenarioPlan struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Scenario string       `json:"scenario"` // one of worth.Scenarios
	Unit     string       `json:"unit"`
	Tool     string       `json:"tool"`
	From     adoption.Day `json:"from"`
	To       adoption.Day `json:"to"`
	Version  uint64       `json:"assumptions"` // of the assumptions
}

// ScenarioEntry saves a scenario, or changes one.
type ScenarioEntry struct {
	ScenarioPlan
	Amendment
}

// Scenarios answers what a unit and tool would be worth with more adoption, or without the tool. Errors are those of Tornado.
func (c *Company) Scenarios(ctx context.Context, q ValueCaseQuestion) (*ScenariosAnswer, error) {
	var answer *ScenariosAnswer
	err := c.valuedCase(ctx, q, func(v *valued) error {
		list, err := v.model.Scenarios(v.header.Unit, v.header.Tool)
		if err != nil {
			return err
		}
		answer = &ScenariosAnswer{ValueHeader: v.header}
		for _, s := range list {
			one := ValueScenario{Name: s.Name, Adoption: s.Adoption, Difference: s.Difference, Why: s.Why}
			if s.Value != nil {
				figures := valueFigures(*s.Value)
				figures.Inputs = []worth.Stated{} // as those of the value
				one.Value = &figures
			}
			answer.Scenarios = append(answer.Scenarios, one)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	answer.Saved, err = entries(ctx, c, ledger.Scenario, readScenario)
	return answer, err
}

func readScenario(r ledger.Record) (SavedScenario, error) {
	s := SavedScenario{Signature: signatureOf(r), At: r.At}
	return s, readEntry(r, &s.ScenarioPlan)
}

// SaveScenario writes a scenario into the ledger. Errors: InvalidParameter with the field, NotFound for a unit, tool or version
// that there is not, Conflict where somebody else has changed it. Then nothing is written.
func (c *Company) SaveScenario(ctx context.Context, author string, e ScenarioEntry) (*SavedScenario, error) {
	switch {
	case strings.TrimSpace(e.Name) == "" || len(e.Name) > ledger.MaxReason:
		return nil, adoption.Invalid("name", fmt.Sprintf("Say in up to %d bytes what this scenario is called.", ledger.MaxReason))
	case !slices.Contains(worth.Scenarios(), e.Scenario):
		return nil, adoption.Invalid("scenario", fmt.Sprintf("There is no scenario %q. There are %s.", e.Scenario, strings.Join(worth.Scenarios(), ", ")))
	}
	// Whatever can be saved can be worked out.
	q := ValueQuestion{Unit: e.Unit, Tool: e.Tool, From: &e.From, To: &e.To, Version: &e.Version}
	if err := c.valuedCase(ctx, ValueCaseQuestion{ValueQuestion: q}, func(v *valued) error {
		e.Unit, e.Tool = v.header.Unit, v.header.Tool
		return nil
	}); err != nil {
		return nil, err
	}
	r, err := c.enter(ctx, ledger.Scenario, e.ID, author, e.Amendment, e.ScenarioPlan)
	if err != nil {
		return nil, err
	}
	s, err := readScenario(r)
	return &s, err
}
