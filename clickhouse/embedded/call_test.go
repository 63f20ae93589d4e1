//go:build linux && (amd64 || arm64)

package embedded

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStatementShapes(t *testing.T) {
	for statement, want := range map[string]struct{ streamable, session bool }{
		"SELECT 1":                                {true, false},
		" -- a\n/* b\n */ ( (select 1))":          {true, false},
		"WITH x AS (SELECT 1) SELECT * FROM x":    {true, false},
		"SELECTED":                                {false, false},
		"SHOW TABLES":                             {false, false},
		"set max_threads = 1":                     {false, true},
		"/* a */ USE x":                           {false, true},
		"CREATE TEMPORARY TABLE a (n UInt8)":      {false, true},
		"CREATE OR REPLACE TEMPORARY TABLE a ...": {false, true},
		"CREATE TABLE settings (n UInt8)":         {false, false},
		"SETTLE":                                  {false, false},
	} {
		c := &call{statement: statement}
		assert.Equal(t, want.streamable, c.streamable(), statement)
		assert.Equal(t, want.session, c.changesSession(), statement)
	}
}

func TestInsertsAreTakenApart(t *testing.T) {
	for statement, want := range map[string][]string{
		"INSERT INTO t FORMAT Native":                                       {"INSERT INTO t", "", "Native", ""},
		"INSERT INTO settings FORMAT TSV\n1\n2":                             {"INSERT INTO settings", "", "TSV", "1\n2"},
		"insert into a.b (x, `y z`) settings p = 'q', r = 1 format CSV 1,2": {"insert into a.b (x, `y z`)", "settings p = 'q', r = 1", "CSV", "1,2"},
		"INSERT INTO t (* EXCEPT (a)) FORMAT Native;":                       {"INSERT INTO t (* EXCEPT (a))", "", "Native", ""},
		"-- c\nINSERT INTO TABLE `a`.`b`FORMAT Native":                      {"-- c\nINSERT INTO TABLE `a`.`b`", "", "Native", ""},
		"INSERT INTO t SELECT 'x FORMAT TSV 1'":                             nil,
		"INSERT INTO t SELECT 1 FORMAT Native":                              nil,
		"INSERT INTO t VALUES ('FORMAT x 1')":                               nil,
		"INSERT INTO tFORMAT VALUES (1)":                                    nil,
		"SELECT 1 FORMAT Native":                                            nil,
	} {
		got := insertRows.FindStringSubmatch(statement)
		if want == nil {
			assert.Nil(t, got, statement)
			continue
		}
		require.NotNil(t, got, statement)
		for i := range want {
			assert.Equal(t, want[i], strings.TrimSpace(got[i+1]), statement)
		}
	}
}

func TestRequestBecomesACall(t *testing.T) {
	values := url.Values{"database": {"d"}, "default_format": {"CSV"}, "client_protocol_version": {"1"}, "query_id": {"q"},
		"param_p": {`a\tb`}, "max_threads": {"2"}, "query": {"INSERT INTO t FORMAT Native"}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://embedded/?"+values.Encode(), strings.NewReader("ro\nws"))
	require.NoError(t, err)
	c, err := newCall(req)
	require.NoError(t, err)
	defer c.free()
	assert.Equal(t, "d", c.database)
	assert.Equal(t, "CSV", c.format)
	assert.Equal(t, map[string]string{"max_threads": "2"}, c.settings)
	assert.Equal(t, []param{{"p", `a\tb`}}, c.params)
	require.NotNil(t, c.rows)
	_, err = c.rows.Seek(0, io.SeekStart)
	require.NoError(t, err)
	rows, err := io.ReadAll(c.rows)
	require.NoError(t, err)
	assert.Equal(t, "ro\nws", string(rows))
	assert.Contains(t, c.statement, "FROM INFILE '/proc/self/fd/")
}

func TestExceptionsAreRead(t *testing.T) {
	for text, want := range map[string]exception{
		"Code: 60. DB::Exception: No table. (UNKNOWN_TABLE)":         {60, "Code: 60. DB::Exception: No table. (UNKNOWN_TABLE)"},
		"Code: 241. DB::Exception: Code: 241. DB::Exception: Memory": {241, "Code: 241. DB::Exception: Memory"},
		"strange": {codeUnknown, "Code: 1002. DB::Exception: strange"},
		"":        {codeUnknown, "Code: 1002. DB::Exception: "},
	} {
		assert.Equal(t, want, *parseException(text))
	}
}

func TestFindLibrary(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, libraryName)
	t.Setenv("UPTAKE_LIBCHDB", dir)
	_, err := FindLibrary()
	require.ErrorIs(t, err, ErrNoLibrary)
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, set := range []string{dir, file} {
		t.Setenv("UPTAKE_LIBCHDB", set)
		found, err := FindLibrary()
		require.NoError(t, err)
		assert.Equal(t, file, found)
	}

	t.Setenv("UPTAKE_LIBCHDB", "")
	module, err := platformModule()
	require.NoError(t, err)
	installed := filepath.Join(dir, "node_modules", module, libraryName)
	require.NoError(t, os.MkdirAll(filepath.Dir(installed), 0o700))
	require.NoError(t, os.WriteFile(installed, nil, 0o600))
	deep := filepath.Join(dir, "a", "b")
	require.NoError(t, os.MkdirAll(deep, 0o700))
	t.Chdir(deep)
	found, err := FindLibrary()
	require.NoError(t, err)
	assert.Equal(t, installed, found)

	exe, err := os.Executable()
	require.NoError(t, err)
	t.Chdir(filepath.Dir(exe))
	looked := places(module)
	assert.ElementsMatch(t, slices.Compact(slices.Sorted(slices.Values(looked))), looked, "no place twice")
}
