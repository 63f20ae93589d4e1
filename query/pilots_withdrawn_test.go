package query

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func pilotWithdrawn(t *testing.T, s *store) {
	s.on("2026-09-04")
	for _, id := range []string{"withdrawn", "held"} {
		_, err := s.RegisterPilot(t.Context(), "Ada", wikiPilot(id))
		require.NoError(t, err)
	}
	refused := func(code adoption.Code, field string, w PilotWithdrawal) {
		_, err := s.WithdrawPilot(t.Context(), "Bo", w)
		require.Equal(t, code, adoption.CodeOf(err), "%v", err)
		require.Equal(t, field, adoption.Public(err).Field)
	}
	why := Amendment{1, "no budget"}
	refused(adoption.InvalidParameter, "reason", PilotWithdrawal{"withdrawn", Amendment{Based: 1}})
	refused(adoption.NotFound, "id", PilotWithdrawal{"nothing", why})
	refused(adoption.InvalidParameter, "based", PilotWithdrawal{"withdrawn", Amendment{7, "no budget"}})

	a, err := s.WithdrawPilot(t.Context(), "Bo", PilotWithdrawal{"withdrawn", why})
	require.NoError(t, err)
	require.Equal(t, []any{"Ada", "asked for by the board", uint64(2)}, []any{a.Author, a.Reason, a.Revision}, "who registered it, and why")
	require.Equal(t, []any{"Bo", "no budget"}, []any{a.Withdrawn.Author, a.Withdrawn.Reason})
	require.Nil(t, a.Judgement)
	refused(adoption.Conflict, "id", PilotWithdrawal{"withdrawn", Amendment{2, "twice"}})
	again := wikiPilot("withdrawn")
	again.Based = 2
	_, err = s.RegisterPilot(t.Context(), "Ada", again)
	require.ErrorContains(t, err, "Bo withdrew this pilot on 2026-09-04")

	s.on("2026-09-07") // the first day
	refused(adoption.Conflict, "id", PilotWithdrawal{"held", why})
	s.on("2026-11-02") // after its end: it is not judged
	a, err = s.Pilot(t.Context(), "withdrawn")
	require.NoError(t, err)
	require.Nil(t, a.Judgement)
	require.Nil(t, a.Frozen)
	list, err := s.Pilots(t.Context())
	require.NoError(t, err)
	for _, one := range list.Pilots {
		require.Equal(t, one.Plan.ID == "withdrawn", one.Withdrawn != nil)
	}
}
