package query

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// The most frequent unknown names of 28 days, and how many there are in all. What was superseded is not counted.
func TestUnknownNames(t *testing.T) {
	s := salesCompany(t) // today is 2026-11-02
	s.insert("unknown_day", 3, day("2026-11-01"), "feed", "Page Archived", uint64(700))
	s.publish()
	for i := range 25 {
		s.insert("unknown_day", 3, day("2026-11-01"), "feed", fmt.Sprintf("name %02d", i), uint64(i+1))
	}
	s.insert("unknown_day", 3, day("2026-11-02"), "feed", "name 03", uint64(100), "quiet", "Poll Answered", uint64(3))
	s.insert("unknown_day", 3, day("2026-10-05"), "feed", "too old", uint64(1000))
	s.publish()
	answer, err := s.Trust(context.Background())
	require.NoError(t, err)
	require.Len(t, answer.Sources, 2)
	feed, quiet := answer.Sources[0], answer.Sources[1]
	require.Len(t, feed.UnknownNames, 20)
	require.Equal(t, []UnknownName{{"name 03", 104}, {"name 24", 25}, {"name 23", 24}}, feed.UnknownNames[:3])
	require.EqualValues(t, 25, feed.NamesTotal)
	require.EqualValues(t, 25*26/2+100, feed.UnknownEvents)
	require.EqualValues(t, 10, feed.Days[26].Events, "they are in no figure")
	require.Equal(t, "quiet", quiet.Source)
	require.Equal(t, []UnknownName{{"Poll Answered", 3}}, quiet.UnknownNames)
	require.Nil(t, quiet.LastEvent)
}
