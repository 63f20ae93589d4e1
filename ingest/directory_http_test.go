package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// directoryServer is the handler on a real server, with a token for each kind of grant.
func directoryServer(t *testing.T) (r *directoryRig, url string, tokens map[string]string, log *bytes.Buffer) {
	spool, err := OpenSpool(t.Context(), SpoolConfig{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { spool.Close() })
	known, err := OpenTokens(t.Context(), spool)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, known.Close()) })
	tokens = map[string]string{"unknown": "up_s_nobody", "none": ""}
	for name, grant := range map[string]Grant{
		"directory": {Name: "hr", Kind: SourceToken, Directory: true},
		"source":    {Name: "chat", Kind: SourceToken},
		"reader":    {Name: "boss", Kind: ReaderToken},
	} {
		tokens[name], err = known.Create(t.Context(), grant)
		require.NoError(t, err)
	}
	r = newDirectoryRig(t)
	log = &bytes.Buffer{}
	server := httptest.NewServer(DirectoryHandler(r.Directory, known, slog.New(slog.NewTextHandler(log, nil))))
	t.Cleanup(server.Close)
	return r, server.URL + "/v1/directory/", tokens, log
}

func TestTheDirectoryOverHTTP(t *testing.T) {
	r, url, tokens, log := directoryServer(t)
	const good = "email,unit,effective_from\nada@x.de,sales,2026-06-01\n"
	const mixed = "email,unit,effective_from\nben@x.de,sales,2026-06-01\ncy@x.de,sales,today\n"
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write([]byte(good))
	require.NoError(t, zip.Close())
	torn := packed.String()[:packed.Len()-6]

	for _, c := range []struct {
		name, method, path, token, media, encoding, body string
		status                                           int
		want                                             string
	}{
		{"a good file", "POST", "people", "directory", "text/csv", "", good, 202, `{"accepted":1,"changed":1,"rejected":[],"rejected_total":0}`},
		{"the same, packed", "POST", "people", "directory", "Text/CSV; charset=UTF-8", "gzip", packed.String(), 202, `{"accepted":1,"changed":0,"rejected":[],"rejected_total":0}`},
		{"packed without saying so", "POST", "people", "directory", "text/csv", "", packed.String(), 202, `{"accepted":1,"changed":0,"rejected":[],"rejected_total":0}`},
		{"strict, a wrong line", "POST", "people?strict=1", "directory", "text/csv", "", mixed, 422,
			`{"error":{"code":"unprocessable","message":"Lines that are wrong: 1. Nothing was imported, because the import is strict."},
			"accepted":0,"changed":0,"rejected":[{"line":3,"field":"effective_from","reason":"\"today\" is no date (write YYYY-MM-DD)"}],"rejected_total":1}`},
		{"a wrong line", "POST", "people", "directory", "text/csv", "", mixed, 202,
			`{"accepted":1,"changed":1,"rejected":[{"line":3,"field":"effective_from","reason":"\"today\" is no date (write YYYY-MM-DD)"}],"rejected_total":1}`},
		{"strict, and right", "POST", "units?strict=true", "directory", "text/csv", "", "unit,parent,name\nsales,,Sales\n", 202, `{"accepted":1,"changed":1,"rejected":[],"rejected_total":0}`},
		{"a missing column", "POST", "tools", "directory", "text/csv", "", "tool,name\nchat,Chat\n", 422, "unprocessable category"},
		{"an unknown column", "POST", "licences", "directory", "text/csv", "", "email,tool,from,colour\n", 422, "unprocessable colour"},
		{"not a method", "PUT", "people", "directory", "text/csv", "", good, 405, "method_not_allowed "},
		{"no token", "POST", "people", "none", "text/csv", "", good, 401, "unauthorized "},
		{"an unknown token", "POST", "people", "unknown", "text/csv", "", good, 401, "unauthorized "},
		{"a reader", "POST", "people", "reader", "text/csv", "", good, 403, "forbidden "},
		{"a source without the right", "POST", "people", "source", "text/csv", "", good, 403, "forbidden "},
		{"JSON", "POST", "people", "directory", "application/json", "", "[]", 415, "unsupported Content-Type"},
		{"no media type", "POST", "people", "directory", "", "", good, 415, "unsupported Content-Type"},
		{"another charset", "POST", "people", "directory", "text/csv; charset=latin1", "", good, 415, "unsupported Content-Type"},
		{"another packing", "POST", "people", "directory", "text/csv", "br", good, 415, "unsupported Content-Encoding"},
		{"a torn packing", "POST", "people", "directory", "text/csv", "gzip", torn, 400, "invalid_parameter "},
		{"a switch that is none", "POST", "people?strict=maybe", "directory", "text/csv", "", good, 400, "invalid_parameter strict"},
		{"an unknown kind", "POST", "robots", "directory", "text/csv", "", good, 404, "not_found "},
		{"too large", "POST", "people", "directory", "text/csv", "gzip", bomb(t), 413, "too_large "},
	} {
		t.Run(c.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), c.method, url+c.path, strings.NewReader(c.body))
			require.NoError(t, err)
			for name, value := range map[string]string{"Content-Type": c.media, "Content-Encoding": c.encoding, "Authorization": "Bearer " + tokens[c.token]} {
				if value != "" {
					request.Header.Set(name, value)
				}
			}
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			assert.Equal(t, c.status, response.StatusCode, string(body))
			if strings.HasPrefix(c.want, "{") {
				assert.JSONEq(t, c.want, string(body))
				return
			}
			var answer struct {
				Error struct{ Code, Message, Field string }
			}
			require.NoError(t, json.Unmarshal(body, &answer), string(body))
			assert.Equal(t, c.want, answer.Error.Code+" "+answer.Error.Field)
			assert.NotEmpty(t, answer.Error.Message)
		})
	}
	assert.Equal(t, []string{"2"}, r.dump(`toString(count())]), '') FROM people FINAL`))
	assert.NotContains(t, log.String(), "@", "an address in the log")
}

// bomb is a small gzip that unpacks to more than is taken.
func bomb(t *testing.T) string {
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	require.NoError(t, err)
	_, err = zip.Write(bytes.Repeat([]byte("\n"), MaxDirectoryBytes+1))
	require.NoError(t, err)
	require.NoError(t, zip.Close())
	return packed.String()
}

func TestAFailureOfTheStoreRevealsNothing(t *testing.T) {
	r, url, tokens, log := directoryServer(t)
	r.Directory.db = &brokenConn{Conn: r.db}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"people", strings.NewReader("email,unit,effective_from\nada@x.de,sales,2026-06-01\n"))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "text/csv")
	request.Header.Set("Authorization", "Bearer "+tokens["directory"])
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
	assert.NotContains(t, string(body), errBroken.Error())
	assert.Contains(t, log.String(), errBroken.Error())
}
