package ingest

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestTokensOutliveARestartAndAreNotKept(t *testing.T) {
	dir := t.TempDir()
	spool, err := OpenSpool(t.Context(), SpoolConfig{Dir: dir})
	require.NoError(t, err)
	tokens, err := OpenTokens(t.Context(), spool)
	require.NoError(t, err)
	wiki, err := tokens.Create(t.Context(), Grant{Name: " wiki ", Kind: SourceToken, Directory: true})
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(wiki, "up_s_"))
	reader, err := tokens.Create(t.Context(), Grant{Name: "finance", Kind: ReaderToken})
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(reader, "up_r_"))
	again, err := tokens.Create(t.Context(), Grant{Name: "wiki", Kind: SourceToken}) // a second one, for a change of tokens
	require.NoError(t, err)
	require.NotEqual(t, wiki, again)
	require.NoError(t, tokens.Close())
	spool.Close()

	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		require.NotContains(t, string(text), strings.TrimPrefix(wiki, "up_s_"), path)
		return err
	}))

	spool = openTestSpool(t, SpoolConfig{Dir: dir})
	tokens, err = OpenTokens(t.Context(), spool)
	require.NoError(t, err)
	grant, ok := tokens.Check(wiki)
	require.True(t, ok)
	require.Equal(t, Grant{ID: grant.ID, Name: "wiki", Kind: SourceToken, Directory: true, Created: grant.Created}, grant)
	require.WithinDuration(t, time.Now(), grant.Created, time.Minute)
	var names []string
	for _, g := range tokens.List() {
		names = append(names, g.Name)
	}
	require.Equal(t, []string{"finance", "wiki", "wiki"}, names)

	require.NoError(t, tokens.Revoke(t.Context(), grant.ID))
	_, ok = tokens.Check(wiki)
	require.False(t, ok)
	_, ok = tokens.Check(again)
	require.True(t, ok)
	require.Equal(t, adoption.NotFound, adoption.CodeOf(tokens.Revoke(t.Context(), grant.ID)))
	require.NoError(t, tokens.Close())
}

func TestEveryProcessOnTheSpoolSeesTokensAtOnce(t *testing.T) {
	spool := openTestSpool(t, SpoolConfig{})
	one, err := OpenTokens(t.Context(), spool)
	require.NoError(t, err)
	defer one.Close()
	two, err := OpenTokens(t.Context(), spool)
	require.NoError(t, err)
	defer two.Close()
	token, err := one.Create(t.Context(), Grant{Name: "scrape", Kind: MetricsToken})
	require.NoError(t, err)
	var grant Grant
	require.Eventually(t, func() (ok bool) { grant, ok = two.Check(token); return ok }, 5*time.Second, time.Millisecond)
	require.NoError(t, two.Revoke(t.Context(), grant.ID))
	require.Eventually(t, func() bool { _, ok := one.Check(token); return !ok }, 5*time.Second, time.Millisecond)
}

func TestNamesThatAreNone(t *testing.T) {
	spool := openTestSpool(t, SpoolConfig{})
	tokens, err := OpenTokens(t.Context(), spool)
	require.NoError(t, err)
	defer tokens.Close()
	for _, g := range []Grant{
		{Name: "", Kind: SourceToken}, {Name: "  ", Kind: SourceToken}, {Name: strings.Repeat("x", 65), Kind: SourceToken}, {Name: "a\nb", Kind: SourceToken},
		{Name: "\xff", Kind: SourceToken}, {Name: "x", Kind: "admin"}, {Name: "x"}, {Name: "x", Kind: ReaderToken, Directory: true}, {Name: "x", Kind: EditorToken, Directory: true},
	} {
		_, err := tokens.Create(t.Context(), g)
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err), "%+v", g)
	}
	require.Empty(t, tokens.List())
	_, ok := tokens.Check("")
	require.False(t, ok)
}

func TestTheSecretIsMadeOnceAndNeverReplaced(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	secret, err := LoadSecret(filepath.Join(dir, "secret"))
	require.NoError(t, err)
	require.Len(t, secret, 32)
	again, err := LoadSecret(filepath.Join(dir, "secret"))
	require.NoError(t, err)
	require.Equal(t, secret, again)
	path := filepath.Join(dir, "secret")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1, "nothing is left beside it")

	for _, broken := range []string{"", "abc", strings.Repeat("g", 64), strings.Repeat("a", 62)} {
		require.NoError(t, os.WriteFile(path, []byte(broken), 0o600))
		_, err = LoadSecret(filepath.Join(dir, "secret"))
		var public *adoption.Error
		require.True(t, errors.As(err, &public))
		require.Contains(t, public.Message, "recognised again")
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, broken, string(text), "a broken secret is left as it is")
	}
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Mkdir(path, 0o700))
	_, err = LoadSecret(filepath.Join(dir, "secret"))
	require.Error(t, err)
}

func TestTwoStartersAgreeOnASecret(t *testing.T) {
	dir := t.TempDir()
	var group sync.WaitGroup
	secrets := make([][]byte, 8)
	for i := range secrets {
		group.Go(func() {
			secret, err := LoadSecret(filepath.Join(dir, "secret"))
			if err == nil {
				secrets[i] = secret
			}
		})
	}
	group.Wait()
	for _, s := range secrets {
		require.Equal(t, secrets[0], s)
		require.Len(t, s, 32)
	}
}

func TestPseudonyms(t *testing.T) {
	p, other := NewPseudonymiser([]byte("secret")), NewPseudonymiser([]byte("another"))
	require.Equal(t, p.Address("zoë@example.com"), p.Address(" ZOE\u0308@Example.com\n"))
	require.Equal(t, p.Address("\u1fb3"), p.Address(strings.ToUpper("\u1fb3"))) // composed in lower case only
	require.NotEqual(t, p.Address("a"), p.Address("b"))
	require.NotEqual(t, p.Address("a"), other.Address("a"))
	require.NotEqual(t, p.ID("s", "1"), p.ID("t", "1"))
	require.NotEqual(t, p.ID("s", "1"), p.record("s", []byte("1")))
	require.NotEqual(t, p.Text("a", "1"), p.Text("b", "1"))
	require.Len(t, p.Text("a", "1"), 32)
	// What is stored must be found again by every later version.
	text := func(h adoption.Hash) string { return hex.EncodeToString(h[:]) }
	require.Equal(t, "5e454cbbdd03aa3abe2e4754af6267ce", text(p.Address("Anna@Example.com")))
	require.Equal(t, "4bbeda7e918578e0d4eacca9c08a2bcc", text(p.ID("feed", "4711")))
	require.Equal(t, "1213681210b5312af6b47e0fe6c5dfff", p.Text("thing", "wiki\x00page"))
}
