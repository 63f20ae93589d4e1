package query

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
)

// assumed asks, and demands an answer.
func (s *store) assumed(q AssumptionsQuestion) *AssumptionsAnswer {
	s.t.Helper()
	a, err := s.Assumptions(context.Background(), q)
	require.NoError(s.t, err)
	return a
}

func written(t testing.TB, doc *assumptions.Document) json.RawMessage {
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	return text
}

// A company that has published nothing has start values, tools and all, at grade C; what it publishes is version 1, 2, …, and
// stays as it was.
func TestVersionsOfAssumptions(t *testing.T) {
	s := newStore(t)
	s.exec("INSERT INTO tools (tool, name, category, price, currency, version) VALUES ('wiki', 'Wiki', 'wiki', 120, 'CHF', 1), ('chat', 'Chat', 'chat', 0, '', 1)")
	start := s.assumed(AssumptionsQuestion{})
	require.Zero(t, start.Version)
	require.Nil(t, start.Published)
	require.Equal(t, "CHF", start.Document.Currency, "the currency that most tools are paid in")
	require.Equal(t, []string{"chat", "wiki"}, start.NewTools)
	require.Equal(t, cash.Exactly(10), start.Document.Tools["wiki"].Costs[0].Amount.Range, "120 a year, 10 a month")
	require.Empty(t, start.Document.Tools["chat"].Costs, "nobody has entered a price")
	require.NoError(t, start.Document.Check())

	ctx := context.Background()
	doc := start.Document
	doc.Recapture.Range = cash.Range{Low: 0.2, Likely: 0.4, High: 0.6}
	first, err := s.EnterAssumptions(ctx, "Ada", AssumptionsEntry{Reason: "first", Document: written(t, doc)})
	require.NoError(t, err)
	require.Equal(t, uint64(1), first.Version)
	require.Equal(t, "Ada", first.Published.Author)
	doc.Spread = assumptions.ByActive
	delete(doc.Tools, "chat")
	second, err := s.EnterAssumptions(ctx, "Bob", AssumptionsEntry{Version: 1, Reason: "second", Document: written(t, doc)})
	require.NoError(t, err)
	require.Equal(t, uint64(2), second.Version)
	require.Equal(t, []string{"chat"}, second.NewTools)
	require.Contains(t, second.Document.Tools, "chat", "with its start values")

	one := uint64(1)
	newest := s.assumed(AssumptionsQuestion{Against: &one})
	require.Equal(t, uint64(2), newest.Version)
	require.Equal(t, []string{"Bob", "Ada"}, []string{newest.Versions[0].Author, newest.Versions[1].Author})
	words := []string{}
	for _, change := range newest.Changes {
		words = append(words, change.Path)
	}
	require.Equal(t, []string{"spread", "tools.chat"}, words)
	old := s.assumed(AssumptionsQuestion{Version: &one})
	require.Equal(t, first.Document, old.Document)
	require.Equal(t, assumptions.ByEnabled, old.Document.Spread)
	for field, q := range map[string]AssumptionsQuestion{"version": {Version: &[]uint64{7}[0]}, "against": {Against: &[]uint64{7}[0]}, "draft": {Draft: "Nobody"}} {
		_, err := s.Assumptions(ctx, q)
		require.Equal(t, adoption.NotFound, adoption.CodeOf(err), field)
		require.Equal(t, field, adoption.Public(err).Field)
		if field != "draft" {
			require.ErrorContains(t, err, "There is no version 7 of the assumptions.")
		}
	}
}

// What is refused is not half-saved: the version, and the draft, are what they were.
func TestAssumptionsThatAreRefused(t *testing.T) {
	s := newStore(t)
	ctx := context.Background()
	good := s.assumed(AssumptionsQuestion{}).Document
	bad := *good
	bad.Recapture.High, bad.Currency = 75, "euro"
	for _, draft := range []bool{false, true} {
		_, err := s.EnterAssumptions(ctx, "Ada", AssumptionsEntry{Draft: draft, Reason: "x", Document: written(t, &bad)})
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
		require.Equal(t, "currency", adoption.Public(err).Field)
		require.Contains(t, adoption.Public(err).Message, "recapture.high: is 75: a share is at most 1")
	}
	_, err := s.EnterAssumptions(ctx, "Ada", AssumptionsEntry{Document: written(t, good)})
	require.Equal(t, "reason", adoption.Public(err).Field)
	_, err = s.EnterAssumptions(ctx, "Ada", AssumptionsEntry{Version: 3, Reason: "x", Document: written(t, good)})
	require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
	require.Equal(t, "version", adoption.Public(err).Field)
	_, err = s.EnterAssumptions(ctx, "Ada", AssumptionsEntry{Draft: true, Version: 3, Document: written(t, good)})
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	require.Empty(t, s.assumed(AssumptionsQuestion{}).Versions)
	_, err = s.Assumptions(ctx, AssumptionsQuestion{Draft: "Ada"})
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	t.Run("all but one of those who publish at once", func(t *testing.T) { atOnce(t, s) })
}

// atOnce: of eight who publish at once from the same version one succeeds; the others are told who, and nothing of theirs
// is there.
func atOnce(t *testing.T, s *store) {
	text := written(t, s.assumed(AssumptionsQuestion{}).Document)
	failures := make([]error, 8)
	var wait sync.WaitGroup
	for i := range failures {
		wait.Go(func() {
			_, failures[i] = s.EnterAssumptions(context.Background(), fmt.Sprint("editor ", i), AssumptionsEntry{Reason: "at once", Document: text})
		})
	}
	wait.Wait()
	versions := s.assumed(AssumptionsQuestion{}).Versions
	require.Len(t, versions, 1)
	for i, err := range failures {
		if fmt.Sprint("editor ", i) == versions[0].Author {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
		require.Equal(t, "version", adoption.Public(err).Field)
		require.Contains(t, adoption.Public(err).Message, versions[0].Author+" published version 1 on 2026-11-02 at 10:00:00 UTC")
	}
}

// A draft is its author's: saved again and again, and no version until it is published.
func TestDraftsOfAssumptions(t *testing.T) {
	s := newStore(t)
	s.exec("INSERT INTO tools (tool, name, category, price, currency, version) VALUES ('wiki', 'Wiki', 'wiki', 120, 'EUR', 1), ('chat', 'Chat', 'chat', 60, 'EUR', 1)")
	ctx := context.Background()
	doc := s.assumed(AssumptionsQuestion{}).Document
	doc.Horizon = 24
	saved, err := s.EnterAssumptions(ctx, "Ada", AssumptionsEntry{Draft: true, Document: written(t, doc)})
	require.NoError(t, err)
	require.Equal(t, uint64(1), saved.Draft.Version)
	require.Nil(t, saved.Published)
	require.Equal(t, 24, saved.Document.Horizon)
	_, err = s.EnterAssumptions(ctx, "Ada", AssumptionsEntry{Draft: true, Document: written(t, doc)})
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err), "it was saved in another window")
	doc.Horizon = 12
	_, err = s.EnterAssumptions(ctx, "Ada", AssumptionsEntry{Draft: true, Based: 1, Document: written(t, doc)})
	require.NoError(t, err)
	none := uint64(0)
	again := s.assumed(AssumptionsQuestion{Draft: "Ada", Against: &none})
	require.Equal(t, 12, again.Document.Horizon)
	require.Equal(t, uint64(2), again.Draft.Version)
	require.Equal(t, "horizon_months was 36 and is now 12", again.Changes[0].Words)
	require.Empty(t, again.Versions)
	require.Equal(t, 36, s.assumed(AssumptionsQuestion{}).Document.Horizon)
	t.Run("costs come in with the document", func(t *testing.T) { costsComeIn(t, s) })
}

// costsComeIn: a file of costs takes the place of the lines of the tools that it names; one wrong line, and nothing is saved.
func costsComeIn(t *testing.T, s *store) {
	ctx := context.Background()
	const file = "tool,name,class,kind,per,likely,unit,source,grade,owner,set,currency\n" +
		"wiki,Support,cash,support,month,100,money,invoice,B,IT,2026-10-01,EUR\n"
	e := AssumptionsEntry{Reason: "costs of IT", Document: written(t, s.assumed(AssumptionsQuestion{}).Document), Costs: file + "wiki,More,cash,support,month,100,money,invoice,B,IT,2026-10-01,\n"}
	_, err := s.EnterAssumptions(ctx, "Ada", e)
	require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
	require.Equal(t, "line 3, currency", adoption.Public(err).Field)
	require.Empty(t, s.assumed(AssumptionsQuestion{}).Versions)
	e.Costs = file
	a, err := s.EnterAssumptions(ctx, "Ada", e)
	require.NoError(t, err)
	require.Equal(t, "Support", a.Document.Tools["wiki"].Costs[0].Name)
	require.Len(t, a.Document.Tools["wiki"].Costs, 1)
	require.Equal(t, "Licences", a.Document.Tools["chat"].Costs[0].Name)
}
