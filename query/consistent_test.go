package query

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestAQuestionIsAskedAgainWhenARefreshComesBetween(t *testing.T) {
	s := newStore(t)
	d := day("2026-10-31")
	s.heads(d, "a", 10)
	s.publish()
	asked := 0
	err := s.consistently(context.Background(), func(*snapshot) error {
		asked++
		if asked == 1 {
			s.heads(d, "a", 11)
			s.publish()
		}
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, 2, asked)
}

func TestFiguresThatNeverStandStillAreUnavailable(t *testing.T) {
	s := newStore(t)
	err := s.consistently(context.Background(), func(*snapshot) error {
		s.heads(day("2026-10-31"), "a", 10)
		s.publish()
		return nil
	})
	assert.Equal(t, adoption.Unavailable, adoption.CodeOf(err))
}

func TestAQuestionEndsWithItsContext(t *testing.T) {
	s := newStore(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.Overview(ctx, OverviewQuestion{})
	assert.ErrorIs(t, err, context.Canceled)
}
