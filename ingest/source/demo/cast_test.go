package demo

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The parts are those that the story's own tests know: the pilot's units, those like them, who is ahead and who stalled.
func TestCast(t *testing.T) {
	last := day(t, testDay)
	c := CastOf(Manufacturer, last)
	require.Equal(t, tried, c.Tried)
	require.Equal(t, alike, c.Others)
	require.Equal(t, []string{"digital-products", "customer-service"}, []string{c.Ahead, c.Stalled})
	require.Equal(t, last-Days+1+pilotDay, c.PilotStart)
	require.InDelta(t, 300, c.People, 30)

	small := CastOf(LawFirm, last)
	require.Equal(t, []string{"tax"}, small.Tried, "too few for a pilot")
	bank := CastOf(Bank, last)
	require.Len(t, bank.Tried, 12)
	require.Len(t, bank.Others, 24)
	require.NotContains(t, bank.Others, bank.Ahead)
}
