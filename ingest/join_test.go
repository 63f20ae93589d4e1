package ingest

import (
	"errors"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestASpoolKnowsItsSecret(t *testing.T) {
	dir := t.TempDir()
	spool := openTestSpool(t, SpoolConfig{Dir: dir})
	require.NoError(t, spool.SameSecret(t.Context(), []byte("secret")))
	require.NoError(t, spool.SameSecret(t.Context(), []byte("secret")))
	err := spool.SameSecret(t.Context(), []byte("another"))
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	require.ErrorContains(t, err, "every person would be two")
	entry, err := spool.about.Get(t.Context(), secretKey)
	require.NoError(t, err)
	require.NotContains(t, string(entry.Value()), "secret")
}

func TestTheReasonForAnUnreachableSpoolHoldsNoPassword(t *testing.T) {
	malformed := &url.Error{Op: "parse", URL: "nats://user:hush%@host", Err: url.EscapeError("%@h")}
	require.NotContains(t, unreachable(malformed).Error(), "hush")
	_, err := OpenSpool(t.Context(), SpoolConfig{URL: "nats://user:hush@127.0.0.1:1"})
	require.Equal(t, adoption.Unavailable, adoption.CodeOf(err))
	require.NotContains(t, err.Error(), "hush")
}

func TestASecretIsOnlyReadBesideAServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "secret")
	_, err := ReadSecret(path)
	var public *adoption.Error
	require.True(t, errors.As(err, &public))
	require.Contains(t, public.Message, path)
	require.NoFileExists(t, path)
	made, err := LoadSecret(path)
	require.NoError(t, err)
	read, err := ReadSecret(path)
	require.NoError(t, err)
	require.Equal(t, made, read)
}

func TestSettingsThatAreNotTheServers(t *testing.T) {
	spool := openTestSpool(t, SpoolConfig{})
	mine := map[string]string{"timezone": "UTC", "retention": "off", "new": "x"}
	other, err := spool.OtherSettings(t.Context(), mine)
	require.NoError(t, err)
	require.Empty(t, other)
	require.NoError(t, spool.TellSettings(t.Context(), map[string]string{"timezone": "Europe/Berlin", "retention": "off", "old": "y"}))
	other, err = spool.OtherSettings(t.Context(), mine)
	require.NoError(t, err)
	require.Equal(t, []string{"timezone"}, other)
	require.NoError(t, spool.TellSettings(t.Context(), mine))
	other, err = spool.OtherSettings(t.Context(), mine)
	require.NoError(t, err)
	require.Empty(t, other)
}
