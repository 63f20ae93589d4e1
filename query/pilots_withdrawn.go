package query

import (
	"context"
	"fmt"
	"time"

	"uptake/adoption"
	"uptake/value/ledger"
)

// PilotWithdrawal withdraws a pilot that has not begun. It stays in the list, with author and reason: who could see pilots
// vanish could not know how many were tried until one pleased.
type PilotWithdrawal struct {
	ID string `json:"id"`
	Amendment
}

// WithdrawnPilot says who withdrew a pilot, when and why.
type WithdrawnPilot struct {
	At     time.Time `json:"at"`
	Author string    `json:"author"`
	Reason string    `json:"reason"`
}

// WithdrawPilot writes down that a pilot will not be held. Errors: NotFound where there is none, InvalidParameter without a
// reason, Conflict where it has begun, was withdrawn, or somebody else has changed it.
func (c *Company) WithdrawPilot(ctx context.Context, author string, w PilotWithdrawal) (*PilotAnswer, error) {
	if w.Reason == "" {
		return nil, adoption.Invalid("reason", "Say why it is withdrawn: it stays in the list, and whoever reads it will ask.")
	}
	_, body, err := c.pilot(ctx, w.ID)
	switch {
	case err != nil:
		return nil, err
	case body.Withdrawn != nil:
		return nil, alreadyWithdrawn(body)
	case body.Plan.Start <= c.Today():
		return nil, &adoption.Error{Code: adoption.Conflict, Field: "id", Message: fmt.Sprintf(
			"This pilot began on %s and is not withdrawn any more: who knows the weeks could withdraw what does not please.", body.Plan.Start)}
	}
	body.Withdrawn = &WithdrawnPilot{c.now().UTC().Truncate(time.Second), author, w.Reason}
	r, err := c.enter(ctx, ledger.Pilot, w.ID, author, w.Amendment, body)
	if err != nil {
		return nil, err
	}
	a := body.answer(r)
	return &a, nil
}

func alreadyWithdrawn(body pilotBody) error {
	return &adoption.Error{Code: adoption.Conflict, Field: "id", Message: fmt.Sprintf(
		"%s withdrew this pilot on %s. Register another one.", body.Withdrawn.Author, body.Withdrawn.At.Format(time.DateOnly))}
}
