package query

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestAttentionNamesASilentFeed(t *testing.T) {
	w := watchOf(unitSeries{"a", 100, []uint64{50}})
	w.silent("feed", pageDay-3)
	items := w.items()
	require.Equal(t, []string{ruleSilent}, rules(items))
	assert.Equal(t, "The feed feed has been silent for 4 days, so the figures of Wiki, and of all tools, are too low.", items[0].Sentence)
	assert.Equal(t, "Last events on 28 October 2026; before that it brought some on these weekdays.", items[0].Evidence.Words)
	assert.True(t, items[0].Trust)
	// 87 days with events and none without: (0.5 ÷ 88) for each of four days.
	assert.InDelta(t, 1.04e-9, *items[0].Evidence.P, 0.01e-9)

	w = watchOf(unitSeries{"a", 100, []uint64{50}})
	w.silent("feed", pageDay)
	assert.Empty(t, w.items(), "one day is late, not silent")

	w = watchOf(unitSeries{"a", 100, []uint64{50}})
	w.silent("feed", pageDay-feedDays)
	assert.Empty(t, w.items(), "after 13 weeks it is switched off")
}

// A feed that is silent while the others bring less than half is on holiday; where all are silent, that is said once.
func TestAttentionAsksTheOtherFeeds(t *testing.T) {
	two := func() *watch {
		w := watchOf(unitSeries{"a", 100, []uint64{50}})
		w.snap.feeds = append(w.snap.feeds, feed{source: "other", tool: "wiki", firstDay: pageDay - 400, lastDay: pageDay})
		w.events["other"] = map[adoption.Day]uint64{}
		for d := range w.events["feed"] {
			w.events["other"][d] = 100
		}
		w.silent("feed", pageDay-2)
		return w
	}
	assert.Equal(t, []string{ruleSilent}, rules(two().items()))
	w := two()
	for d := pageDay - 2; d <= pageDay; d++ {
		w.events["other"][d] = 49
	}
	assert.Empty(t, w.items(), "people are away")
	w = two()
	w.silent("other", pageDay-2)
	items := w.items()
	require.Equal(t, []string{ruleSilent}, rules(items))
	assert.Equal(t, "No feed has brought anything for 3 days: unless the company was closed, all figures are too low.", items[0].Sentence)
}

// A feed that brings something on two days of three is not silent after three days: 0.33³ is no news.
func TestAFeedThatComesAndGoesIsNotSilent(t *testing.T) {
	w := watchOf(unitSeries{"a", 100, []uint64{50}})
	for d := pageDay - feedDays + 1; d <= pageDay; d++ {
		if (d-pageDay)%3 == 0 {
			delete(w.events["feed"], d)
		}
	}
	w.silent("feed", pageDay-2)
	assert.Empty(t, w.items())
}

func TestAttentionNamesLowCoverage(t *testing.T) {
	w := watchOf(unitSeries{"a", 100, []uint64{50}})
	row := w.rows[adoption.Company][pageDay]
	row.ActiveNotEnabled, row.Trust.Coverage = u64(50), f64(0.5) // 50 known, 50 not
	w.rows[adoption.Company][pageDay] = row
	items := w.items()
	require.Equal(t, []string{ruleCoverage}, rules(items))
	assert.Equal(t, "Only 50 % of the people active in Wiki are found in the directory; the others are in no rate.", items[0].Sentence)
	assert.Equal(t, "50 of 100 people active in the 28 days to 1 November 2026 are in no unit.", items[0].Evidence.Words)
	row.ActiveNotEnabled, row.Trust.Coverage = u64(14), f64(50.0/64) // 78 %: chance has 14 or more of 64 at 20 % in 4 of 10 cases
	w.rows[adoption.Company][pageDay] = row
	assert.Empty(t, w.items())
}
