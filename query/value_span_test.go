package query

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// nobodyKnows is a freshness right after a start.
type nobodyKnows struct{}

func (nobodyKnows) Settled(context.Context) (bool, error) { return false, nil }
func (nobodyKnows) AsOf() time.Time                       { return time.Time{} }

func TestValueOfDaysThatNobodyKnowsYet(t *testing.T) {
	c := &Company{Freshness: nobodyKnows{}}
	_, _, err := c.span(ValueQuestion{})
	assert.Equal(t, adoption.Unavailable, adoption.CodeOf(err))
	to := day("2026-11-01")
	from, until, err := c.span(ValueQuestion{To: &to})
	require.NoError(t, err)
	assert.Equal(t, []adoption.Day{day("2026-10-05"), to}, []adoption.Day{from, until})
}
