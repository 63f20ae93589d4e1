package main

import (
	"context"
	"encoding/json"
	"time"

	"uptake/adoption"
	"uptake/ingest/source/demo"
	"uptake/query"
	"uptake/value/assumptions"
	"uptake/value/campaign"
	"uptake/value/cash"
	"uptake/value/effect"
	"uptake/value/pilot"
	"uptake/value/target"
)

// demoAuthor stands as the author of all that is entered about the demo company.
const demoAuthor = "demo"

// enter enters what a company would have entered by now: assumptions, targets, stages and, where there are units enough,
// the pilot of the story.
func (s *demoShow) enter(ctx context.Context, zone *time.Location, preset demo.Preset, lastDay adoption.Day) error {
	cast := demo.CastOf(preset, lastDay)
	if err := s.enterAssumptions(ctx, cast, lastDay); err != nil {
		return err
	}
	if err := s.enterPilot(ctx, zone, cast, lastDay); err != nil {
		return err
	}
	if err := s.enterCampaign(ctx, cast, lastDay); err != nil {
		return err
	}
	for _, e := range demoTargets(preset, cast, lastDay) {
		if _, err := s.company.SetTarget(ctx, demoAuthor, e); err != nil {
			return err
		}
	}
	return s.enterStages(ctx, zone, demoStages(cast, lastDay))
}

// enterAssumptions publishes version 1: the start values with the costs and benefits of the company.
func (s *demoShow) enterAssumptions(ctx context.Context, cast demo.Cast, lastDay adoption.Day) error {
	start, err := s.company.Assumptions(ctx, query.AssumptionsQuestion{})
	if err != nil {
		return err
	}
	document, err := json.Marshal(demoAssumptions(start.Document, cast, lastDay))
	if err != nil {
		return err
	}
	_, err = s.company.EnterAssumptions(ctx, demoAuthor, query.AssumptionsEntry{Document: document,
		Reason: "the first year: list prices, time sheets of IT and offers, put together by the demo"})
	return err
}

// demoAssumptions adds to start values what this company pays and works. Amounts go by its people.
func demoAssumptions(doc *assumptions.Document, cast demo.Cast, lastDay adoption.Day) *assumptions.Document {
	people := float64(cast.People)
	line := func(name string, per assumptions.Per, unit, source string, grade assumptions.Grade, low, likely, high float64) assumptions.Line {
		l := assumptions.Line{Name: name, Per: per, Amount: assumptions.Input{Range: cash.Range{Low: low * people, Likely: likely * people, High: high * people},
			Unit: unit, Source: source, Grade: grade, Owner: "Finance (demo)", Set: lastDay}}
		if unit == assumptions.Money {
			l.Currency = doc.Currency
		}
		return l
	}
	costs := map[string][]assumptions.Cost{
		"chat": {
			{Line: line("Running it", assumptions.Month, assumptions.Hours, "time sheets of IT (demo)", assumptions.Used, 0.02, 0.03, 0.05), Class: assumptions.Capacity, Kind: "it_hours"},
			{Line: line("Integration with sign-in and archive", assumptions.Once, assumptions.Money, "offers (demo)", assumptions.Used, 8, 10, 15), Class: assumptions.Cash, Kind: "integration"},
		},
		"documents": {
			{Line: line("Training", assumptions.Once, assumptions.Hours, "an hour for most people (demo)", assumptions.Assumed, 0.5, 0.8, 1.5), Class: assumptions.Capacity, Kind: "training"},
			{Line: line("Storage", assumptions.Month, assumptions.Money, "invoices (demo)", assumptions.Used, 0.4, 0.5, 0.6), Class: assumptions.Cash, Kind: "infrastructure"},
		},
		"meetings": {{Line: line("Support", assumptions.Month, assumptions.Hours, "time sheets of IT (demo)", assumptions.Used, 0.01, 0.02, 0.03), Class: assumptions.Capacity, Kind: "support"}},
	}
	benefits := map[string][]assumptions.Benefit{
		"chat":     {{Line: line("Old messenger", assumptions.Year, assumptions.Money, "contract that ended (demo)", assumptions.Used, 18, 18, 18), Kind: "replaced_tools"}},
		"meetings": {{Line: line("Trips that were not made", assumptions.Year, assumptions.Money, "estimate of travel (demo)", assumptions.Assumed, 20, 45, 90), Kind: "travel"}},
	}
	renewal, notice := lastDay+130, lastDay+40
	for id, tool := range doc.Tools {
		for i := range tool.Costs {
			if tool.Costs[i].Kind == "licences" && id != "notes" {
				tool.Costs[i].Renewal, tool.Costs[i].Notice = &renewal, &notice
			}
		}
		tool.Costs, tool.Benefits = append(tool.Costs, costs[id]...), append(tool.Benefits, benefits[id]...)
		doc.Tools[id] = tool
	}
	return doc
}

// enterPilot registers the pilot of Meeting Notes as it was before its start, three days before. A company with too few
// units has none.
func (s *demoShow) enterPilot(ctx context.Context, zone *time.Location, cast demo.Cast, lastDay adoption.Day) error {
	if len(cast.Tried) < effect.MinUnits || len(cast.Others) < effect.MinUnits {
		return nil
	}
	then := (cast.PilotStart - 3).Start(zone).Add(9 * time.Hour)
	before := &query.Company{DB: s.db, Zone: zone, MinGroup: s.company.MinGroup, Now: func() time.Time { return then }}
	_, err := before.RegisterPilot(ctx, demoAuthor, query.PilotEntry{
		Plan: pilot.Plan{ID: "notes", Name: "Meeting Notes", Tool: "notes", Treated: cast.Tried, Comparison: cast.Others,
			Start: cast.PilotStart, End: lastDay, Outcome: pilot.Outcome{Metric: "adoption", Tool: adoption.AllTools, Success: 0.05}},
		Amendment: query.Amendment{Reason: "do shared notes bring people in who use nothing else?"},
	})
	return err
}

// enterCampaign enters a week of training in documents, long enough ago for everybody to have been followed since: in the story
// it changes nothing, and the campaign's page has to say so.
func (s *demoShow) enterCampaign(ctx context.Context, cast demo.Cast, lastDay adoption.Day) error {
	if len(cast.Tried) < effect.MinUnits || len(cast.Others) < effect.MinUnits {
		return nil
	}
	_, err := s.company.EnterCampaign(ctx, demoAuthor, query.CampaignEntry{
		Plan: campaign.Plan{ID: "documents-training", Name: "Training in Shared Documents", Kind: "training", Tool: "documents", Units: cast.Tried, Comparison: cast.Others,
			Start: lastDay - 90, End: lastDay - 86, Cost: &campaign.Money{Amount: 2_500, Currency: "EUR"}},
		Amendment: query.Amendment{Reason: "two mornings in each unit"},
	})
	return err
}

// demoTargets are what units of the company want to reach.
func demoTargets(preset demo.Preset, cast demo.Cast, lastDay adoption.Day) []query.TargetEntry {
	entry := func(id, unit, tool string, measure target.Measure, goal float64, ahead adoption.Day) query.TargetEntry {
		return query.TargetEntry{Amendment: query.Amendment{Reason: "agreed with the unit"},
			Plan: target.Plan{ID: id, Unit: unit, Tool: tool, Measure: measure, Goal: goal, By: lastDay + ahead}}
	}
	list := []query.TargetEntry{
		entry("documents-company", adoption.Company, "documents", target.Adoption, 0.7, 120),
		entry("chat-ahead", cast.Ahead, "chat", target.Habit, 0.5, 60),
		entry("all-stalled", cast.Stalled, adoption.AllTools, target.Adoption, 0.8, 90),
	}
	if preset != demo.Bank { // seven models of a bank would be worked out before its first page is shown
		worth := entry("worth-company", adoption.Company, adoption.AllTools, target.NetCapacity, float64(cast.People)*10, 180)
		worth.Currency = "EUR"
		list = append(list, worth)
	}
	return list
}
