package query

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"time"

	"uptake/adoption"
	"uptake/value/ledger"
	"uptake/value/stage"
)

// StageEntry begins a roll-out (Based 0), or moves one on to its next stage.
type StageEntry struct {
	stage.Rollout
	stage.Step
	Amendment
}

// stageBody is what the ledger holds of a roll-out: each revision has the moves before it, unchanged, and one more.
type stageBody struct {
	stage.Rollout
	Moves []stageMove `json:"moves"`
}

// stageMove is a move as it was made. The gate before it is kept by its state alone: the figures of that day can be asked
// for as long as they are shown.
type stageMove struct {
	stage.Step
	Author  string        `json:"author"`
	At      time.Time     `json:"at"`
	Reason  string        `json:"reason"`
	Passed  []stage.State `json:"passed"`  // of each goal of the gate before
	Version *uint64       `json:"version"` // of the assumptions that it was judged with
}

// StageMove is a stage that a roll-out has come to.
type StageMove struct {
	stage.Step
	Days   int             `json:"days"` // in this stage, up to the next one or today
	Author string          `json:"author"`
	At     time.Time       `json:"at"` // when it was entered
	Reason string          `json:"reason"`
	Before []stage.Verdict `json:"before"` // the gate of the stage before, as it was judged then; without figures
	// Version of the assumptions that money was judged with; nil where there was none.
	Version *uint64 `json:"version"`
}

// StageAnswer is a roll-out with its moves and the gate that it stands at.
type StageAnswer struct {
	stage.Rollout
	Signature
	At       time.Time       `json:"at"`
	Stage    stage.Stage     `json:"stage"` // where it is
	Days     int             `json:"days"`  // since its first stage
	Moves    []StageMove     `json:"moves"` // the oldest first
	Gate     []stage.Verdict `json:"gate"`  // of the stage where it is, by the newest figures
	Open     bool            `json:"open"`  // every goal of it is met
	Adoption *float64        `json:"adoption"`
	Hidden   bool            `json:"hidden"`  // a small group: nothing is said of any gate
	Version  *uint64         `json:"version"` // of the assumptions that money is judged with now
}

// StagesQuestion asks for roll-outs.
type StagesQuestion struct{ Unit, Tool string } // "" is every one

// StagesAnswer is the shape of GET /api/v1/stages: roll-outs by id, and side by side by who leads them.
type StagesAnswer struct {
	Header
	Rollouts []StageAnswer  `json:"rollouts"`
	Drivers  []stage.Driven `json:"drivers"`
}

// ParseStages reads unit and tool. Errors are InvalidParameter and name the field.
func ParseStages(values url.Values, _ adoption.Day) (q StagesQuestion, err error) {
	return q, parameters{{"unit", textInto(&q.Unit)}, {"tool", textInto(&q.Tool)}}.read(values)
}

// MoveStage begins a roll-out or moves it on. Errors: InvalidParameter with the field (despite, where the gate before is
// not met and no reason is given), NotFound for a unit or tool, Conflict where somebody else has moved it.
func (c *Company) MoveStage(ctx context.Context, author string, e StageEntry) (*StageAnswer, error) {
	if err := c.checkStage(ctx, e); err != nil {
		return nil, err
	}
	if e.Gate == nil {
		e.Gate = []stage.Goal{}
	}
	body := stageBody{Rollout: e.Rollout}
	move := stageMove{Step: e.Step, Author: author, At: c.now().UTC().Truncate(time.Millisecond), Reason: e.Reason, Passed: []stage.State{}}
	if e.Based == 0 && e.Despite != "" {
		return nil, adoption.Invalid("despite", "A roll-out that begins has no gate behind it. Leave this out.")
	}
	if e.Based > 0 {
		if err := c.moveOn(ctx, e, &body, &move); err != nil {
			return nil, err
		}
	}
	body.Moves = append(body.Moves, move)
	r, err := c.enter(ctx, ledger.Stage, e.ID, author, e.Amendment, body)
	if err != nil {
		return nil, err
	}
	return c.stageAnswer(ctx, r, body)
}

// checkStage refuses what cannot be entered, whatever stands in the ledger.
func (c *Company) checkStage(ctx context.Context, e StageEntry) error {
	if err := e.Rollout.Check(); err != nil {
		return err
	}
	if err := e.Step.Check(c.Today()); err != nil {
		return err
	}
	if e.Reason == "" {
		return adoption.Invalid("reason", "Say why the roll-out comes to this stage.")
	}
	return c.consistently(ctx, func(snap *snapshot) error {
		at, err := snap.place(e.Unit)
		if err != nil {
			return err
		}
		if at.rest {
			return adoption.Invalid("unit", "A rest holds other groups from day to day, so nothing is rolled out to it. Name a unit.")
		}
		return snap.hasTool(e.Tool)
	})
}

// moveOn takes the moves that were made over, and judges the gate by the figures of the day before the move. Where the entry
// does not know the newest revision, the ledger refuses it by name, so it is judged against what it knows.
func (c *Company) moveOn(ctx context.Context, e StageEntry, body *stageBody, move *stageMove) error {
	seen, err := c.Ledger().At(ctx, ledger.Stage, e.ID, e.Based)
	if err != nil {
		return renamed(err, "revision", "based")
	}
	if err := readEntry(seen, body); err != nil {
		return err
	}
	switch {
	case body.Unit != e.Unit:
		return adoption.Invalid("unit", "This roll-out is of "+body.Unit+", and that stays. Begin another one under an id of its own.")
	case body.Tool != e.Tool:
		return adoption.Invalid("tool", "This roll-out is of "+body.Tool+", and that stays. Begin another one under an id of its own.")
	case body.Driver != e.Driver:
		return adoption.Invalid("driver", "This roll-out is led by "+string(body.Driver)+", and that stays. Begin another one under an id of its own.")
	}
	before := body.Moves[len(body.Moves)-1].Step
	if err := stage.Next(before, e.Step); err != nil {
		return err
	}
	verdicts, version, err := c.judgeGate(ctx, e.Rollout, before.Gate, min(c.complete(), e.Day-1))
	if err != nil {
		return err
	}
	if err := stage.Pass(verdicts, e.Step); err != nil {
		return err
	}
	for _, v := range verdicts {
		move.Passed = append(move.Passed, v.State)
	}
	move.Version = version
	return nil
}

// Stages answers where roll-outs are, and whether their gates are met. NotFound for an unknown unit or tool.
func (c *Company) Stages(ctx context.Context, q StagesQuestion) (*StagesAnswer, error) {
	err := c.consistently(ctx, func(snap *snapshot) error {
		if q.Unit != "" {
			if _, err := snap.place(q.Unit); err != nil {
				return err
			}
		}
		if q.Tool != "" {
			return snap.hasTool(q.Tool)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	records, err := c.Ledger().List(ctx, ledger.Stage)
	if err != nil {
		return nil, err
	}
	answer := &StagesAnswer{Header: c.header(c.Today()), Rollouts: []StageAnswer{}}
	var led []stage.Led
	for _, r := range records {
		var body stageBody
		if err := readEntry(r, &body); err != nil {
			return nil, err
		}
		if (q.Unit != "" && q.Unit != body.Unit) || (q.Tool != "" && q.Tool != body.Tool) {
			continue
		}
		a, err := c.stageAnswer(ctx, r, body)
		if err != nil {
			return nil, err
		}
		answer.Rollouts = append(answer.Rollouts, *a)
		led = append(led, stage.Led{Tool: a.Tool, Driver: a.Driver, Days: a.Days, Adoption: a.Adoption})
	}
	answer.Drivers = stage.Compare(led)
	return answer, nil
}

// stageAnswer judges the gate that a roll-out stands at. Of a group that is not shown now nothing is said of former gates
// either: what was shown of it once is not repeated.
func (c *Company) stageAnswer(ctx context.Context, r ledger.Record, body stageBody) (*StageAnswer, error) {
	newest := body.Moves[len(body.Moves)-1]
	a := &StageAnswer{Rollout: body.Rollout, Signature: signatureOf(r), At: r.At, Stage: newest.Stage, Days: int(c.Today() - body.Moves[0].Day), Moves: []StageMove{}}
	now, err := c.stageFigure(ctx, a.Rollout, stage.Adoption, c.complete())
	if err != nil {
		return nil, err
	}
	a.Adoption, a.Hidden = now.Value, now.Hidden
	if a.Gate, a.Version, err = c.judgeGate(ctx, a.Rollout, newest.Gate, c.complete()); err != nil {
		return nil, err
	}
	if a.Hidden {
		a.Gate = stage.Judge(newest.Gate, func(stage.Measure) stage.Found { return now })
	}
	a.Open = stage.Met(a.Gate)
	var before []stage.Goal
	for i, m := range body.Moves {
		until := c.Today()
		if i+1 < len(body.Moves) {
			until = body.Moves[i+1].Day
		}
		a.Moves = append(a.Moves, StageMove{m.Step, int(until - m.Day), m.Author, m.At, m.Reason, judgedThen(before, m.Passed, now), m.Version})
		before = m.Gate
	}
	return a, nil
}

// judgedThen is a gate as it was judged, unless its group is not shown now.
func judgedThen(gate []stage.Goal, passed []stage.State, now stage.Found) []stage.Verdict {
	if now.Hidden || now.Value == nil {
		return stage.Judge(gate[:len(passed)], func(stage.Measure) stage.Found { return stage.Found{Hidden: now.Hidden, Why: now.Why} })
	}
	verdicts := []stage.Verdict{}
	for i, state := range passed {
		v := stage.Verdict{Goal: gate[i], State: state}
		if state == stage.Hidden || state == stage.Unknown {
			v.Reason = "nothing could be said of it then"
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// judgeGate judges a gate by the figures of a day; version is that of the assumptions, where money is asked for.
func (c *Company) judgeGate(ctx context.Context, r stage.Rollout, gate []stage.Goal, d adoption.Day) (verdicts []stage.Verdict, version *uint64, err error) {
	found := map[stage.Measure]stage.Found{}
	for _, g := range gate {
		if g.Measure == stage.NPV {
			found[g.Measure], version, err = c.stageMoney(ctx, r, d)
		} else {
			found[g.Measure], err = c.stageFigure(ctx, r, g.Measure, d)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return stage.Judge(gate, func(m stage.Measure) stage.Found { return found[m] }), version, nil
}

const noFigure = "there is no figure of this group and day"

// stageFigure is a share as the gates show it.
func (c *Company) stageFigure(ctx context.Context, r stage.Rollout, m stage.Measure, d adoption.Day) (stage.Found, error) {
	q := AdoptionQuestion{Unit: r.Unit, Tool: r.Tool, From: d, To: d}
	found := stage.Found{Why: noFigure}
	var err error
	switch m {
	case stage.Adoption:
		var a *AdoptionAnswer
		if a, err = c.Adoption(ctx, q); err == nil {
			for _, row := range a.Rows {
				found.Value, found.Hidden = row.AdoptionRate, row.Suppressed
			}
		}
	case stage.Habit:
		var a *HabitsAnswer
		if a, err = c.Habits(ctx, q); err == nil {
			for _, row := range a.Rows {
				found.Value, found.Hidden = row.PowerHabitualRate, row.Suppressed
			}
		}
	case stage.FirstUse:
		var a *FirstUseAnswer
		if a, err = c.FirstUse(ctx, q); err == nil {
			for _, row := range a.Rows {
				found.Value, found.Hidden = row.ActivationRate, row.Suppressed
			}
		}
	}
	return found, orGone(err)
}

// stageMoney is the net present value of cash, P10, by the 28 days up to d under the newest version of the assumptions.
func (c *Company) stageMoney(ctx context.Context, r stage.Rollout, d adoption.Day) (stage.Found, *uint64, error) {
	found := stage.Found{Why: noFigure}
	a, err := c.Value(ctx, ValueQuestion{Unit: r.Unit, Tool: r.Tool, To: &d})
	if err != nil {
		return found, nil, orGone(err)
	}
	for _, row := range a.Rows {
		found = stage.Found{Value: row.NPV.P10, Currency: row.Currency, Hidden: row.Suppressed, Why: cmp.Or(row.Why, noFigure)}
	}
	return found, &a.Version, nil
}

// orGone forgives that a unit or tool of a roll-out is not there any more: then nothing is known of it.
func orGone(err error) error {
	var known *adoption.Error
	if errors.As(err, &known) && known.Code == adoption.NotFound {
		return nil
	}
	return err
}
