package query

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seatLine is a unit's seats of the wiki, all held for long.
func seatLine(unit string, held, idle, never uint64) SeatsRow {
	return SeatsRow{RowFrame: RowFrame{Unit: unit, UnitName: unit, Tool: "wiki", Date: pageDay, Enabled: held}, Assigned: &held, HeldByLeavers: u64(0), Held28: &held, Idle: &idle, NeverUsed: &never, Unused: &idle}
}

func TestAttentionNamesUnusedSeats(t *testing.T) {
	// 25 of 61 seats are 41 %: 25 or more of 61 where a fifth is usual has a chance of 1 in 9,000. 4 of 10 are too few to tell, and 50 of
	// 239 are a fifth.
	w := watchOf(unitSeries{"legal", 61, []uint64{36}}, unitSeries{"b", 10, []uint64{6}}, unitSeries{"c", 239, []uint64{189}})
	w.seats = []SeatsRow{seatLine("company", 310, 79, 20), seatLine("legal", 61, 25, 12), seatLine("b", 10, 4, 0), seatLine("c", 239, 50, 8)}
	items := w.items()
	require.Equal(t, []string{ruleUnused}, rules(items))
	assert.Equal(t, "41 % of the seats of Wiki in legal have not been used for 28 days.", items[0].Sentence)
	assert.Equal(t, "25 of 61 seats held by the same people for 28 days or more; 12 never used.", items[0].Evidence.Words)
	assert.InDelta(t, 79.0/310, *items[0].Evidence.CompanyAfter, 1e-9)
	assert.InDelta(t, 25, items[0].Weight, 1e-9)
	assert.Equal(t, "/api/v1/seats?to=2026-11-01&tool=wiki&unit=legal", items[0].Link)

	// Half of all seats idle: the company says so, and of its units only the one where it is far more.
	w.seats = []SeatsRow{seatLine("company", 400, 200, 20), seatLine("legal", 100, 55, 12), seatLine("b", 100, 90, 0), seatLine("c", 200, 55, 8)}
	items = w.items()
	require.Equal(t, []string{ruleUnused, ruleUnused}, rules(items))
	assert.Equal(t, "50 % of the seats of Wiki have not been used for 28 days.", items[0].Sentence)
	assert.Equal(t, "90 % of the seats of Wiki in b have not been used for 28 days.", items[1].Sentence)

	w.snap.feeds[0].firstDay = pageDay - 26
	assert.Empty(t, w.items(), "nothing is known of a part of the 28 days")
}

func TestAttentionNamesSeatsOfLeavers(t *testing.T) {
	w := watchOf(unitSeries{"a", 100, []uint64{90}})
	row := seatLine("company", 100, 10, 0)
	row.HeldByLeavers, row.Assigned = u64(14), u64(114)
	w.seats = []SeatsRow{row}
	items := w.items()
	require.Equal(t, []string{ruleLeavers}, rules(items))
	assert.Equal(t, "14 seats of Wiki are held by people who are in no unit of the directory.", items[0].Sentence)
	assert.Equal(t, "14 of 114 seats assigned.", items[0].Evidence.Words)
}

func TestAttentionNamesAUnitThatHasAccessAndDoesNotBegin(t *testing.T) {
	// 3 of 80 where the company has 703 of 1,080 = 65 %. Its seats are idle, too: told once.
	w := watchOf(unitSeries{"plant", 80, []uint64{3}}, unitSeries{"b", 1000, []uint64{700}})
	w.seats = []SeatsRow{seatLine("plant", 80, 77, 70)}
	items := w.items()
	require.Equal(t, []string{ruleNotBegun}, rules(items))
	assert.Equal(t, "80 people in plant have had access to Wiki for 8 weeks, and 4 % of them use it; in the company it is 65 %.", items[0].Sentence)
	assert.Equal(t, "3 of 80 active in the 28 days to 1 November 2026, 3 of 80 in the 28 before.", items[0].Evidence.Words)

	first := w.rows["plant"][pageDay-56]
	first.Enabled = 60 // fewer than 80 % of today's had access
	w.rows["plant"][pageDay-56] = first
	assert.Equal(t, []string{ruleUnused}, rules(w.items()))
}
