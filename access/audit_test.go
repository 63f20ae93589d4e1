package access

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
)

func TestAuditIsKeptInOrderAndOnce(t *testing.T) {
	ctx, db := t.Context(), clickhousetest.Open(t)
	require.NoError(t, migrations.Up(ctx, db))
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	a := OpenAudit(db, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	a.Note("ada", SignedIn, "", Done)
	a.Note("ada", Exported, "/units people.csv", Done)
	first := append([]Entry(nil), a.waiting...)
	list, err := a.List(ctx, 0, 10)
	require.NoError(t, err)
	// Of one microsecond: the second is numbered after the first.
	n := uint64(now.UnixMicro())
	want := []Entry{{n + 1, now, "ada", Exported, "/units people.csv", Done}, {n, now, "ada", SignedIn, "", Done}}
	require.Equal(t, want, list)
	require.Empty(t, a.waiting)

	a.waiting = first // as after an answer that was lost
	list, err = a.List(ctx, 0, 10)
	require.NoError(t, err)
	require.Equal(t, want, list, "sent twice, told once")
	list, err = a.List(ctx, n+1, 10)
	require.NoError(t, err)
	require.Equal(t, want[1:], list)
	list, err = a.List(ctx, 0, 1)
	require.NoError(t, err)
	require.Equal(t, want[:1], list)

	a.Note(CommandLine, ChangedRights, "account/ada add viewer", Done)
	stopped, stop := context.WithCancel(ctx)
	stop()
	require.NoError(t, a.Run(stopped), "the last lines are written at the stop")
	list, err = OpenAudit(db, nil, slog.New(slog.DiscardHandler)).List(ctx, 0, 1)
	require.NoError(t, err)
	require.Equal(t, CommandLine, list[0].Who)
}

func TestAuditIsBounded(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	a := OpenAudit(nil, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	for range 40 {
		a.Note("", SignInRefused, "", Refused)
	}
	require.Len(t, a.waiting, 30)
	require.Equal(t, uint64(10), a.Lost())
	now = now.Add(time.Minute)
	a.Note("", SignInRefused, "", Refused)
	require.Len(t, a.waiting, 31, "another minute, another 30")
	for i := range 5000 {
		a.Note("ada", Exported, fmt.Sprint(i), Done)
	}
	require.Len(t, a.waiting, 4096)
	require.Equal(t, uint64(10+31+5000-4096), a.Lost())
}
