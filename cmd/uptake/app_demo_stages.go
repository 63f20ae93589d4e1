package main

import (
	"context"
	"time"

	"uptake/adoption"
	"uptake/ingest/source/demo"
	"uptake/query"
	"uptake/value/effect"
	"uptake/value/stage"
)

// enterStages moves roll-outs on, one move after the other, each entered on its day. What a move gives as the reason to pass
// a gate that is not met counts where it is not.
func (s *demoShow) enterStages(ctx context.Context, zone *time.Location, moves []query.StageEntry) error {
	for _, e := range moves {
		then := e.Day.Start(zone).Add(9 * time.Hour)
		company := &query.Company{DB: s.db, Zone: zone, MinGroup: s.company.MinGroup, Now: func() time.Time { return then }}
		despite := e.Despite
		e.Despite = ""
		_, err := company.MoveStage(ctx, demoAuthor, e)
		if err != nil && adoption.Public(err).Field == "despite" {
			e.Despite = despite
			_, err = company.MoveStage(ctx, demoAuthor, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// demoStages are roll-outs of the company: the chat of the unit that is ahead, led by the business; documents of the unit that
// stalled, led by IT; and the meeting notes that people brought in themselves.
func demoStages(cast demo.Cast, lastDay adoption.Day) []query.StageEntry {
	move := func(r stage.Rollout, based uint64, s stage.Stage, ago adoption.Day, owner stage.Party, goal float64, reason string) query.StageEntry {
		return query.StageEntry{Rollout: r, Amendment: query.Amendment{Based: based, Reason: reason},
			Step: stage.Step{Stage: s, Day: lastDay - ago, Owner: owner, Gate: []stage.Goal{{Measure: stage.Adoption, Goal: goal}}}}
	}
	chat := stage.Rollout{ID: "chat-ahead", Unit: cast.Ahead, Tool: "chat", Driver: stage.Business}
	documents := stage.Rollout{ID: "documents-stalled", Unit: cast.Stalled, Tool: "documents", Driver: stage.IT}
	list := []query.StageEntry{
		move(chat, 0, stage.Pilot, 150, stage.IT, 0.2, "two teams had asked for it"),
		move(chat, 1, stage.BuyIn, 60, stage.Business, 0.3, "the pilot went well"),
		move(documents, 0, stage.Pilot, 200, stage.IT, 0.95, "files of two tools were to come together"),
		move(documents, 1, stage.BuyIn, 30, stage.Business, 0.95, "the old file server is to be switched off"),
	}
	list[1].Despite = "management wants to see it in a larger unit"
	list[3].Despite = "the contract of the old file server ends, whatever the unit does"
	if len(cast.Tried) >= effect.MinUnits && len(cast.Others) >= effect.MinUnits {
		list = append(list, move(stage.Rollout{ID: "notes", Unit: cast.Tried[0], Tool: "notes", Driver: stage.GrassRoots}, 0, stage.Pilot, 70, stage.Business, 0.5, "people brought it from elsewhere"))
	}
	return list
}
