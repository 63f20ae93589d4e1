package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDeadSentence(t *testing.T) {
	require.Equal(t, "1 message could not be loaded and lies with the dead letters.", deadSentence(1))
	require.Equal(t, "2 messages could not be loaded and lie with the dead letters.", deadSentence(2))
}
