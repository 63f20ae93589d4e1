package ingest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/ingest/wire"
)

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestTheFormsOfABody(t *testing.T) {
	r := openRig(t, rigConfig{})
	pretty := "\r\n{\n  \"id\": \"x\",\n  \"time\": \"2026-11-20\",\n  \"tool\": \"wiki\",\n  \"actor\": \"a\",\n  \"action\": \"edit\",\n \"attributes\": {\n}\n}\n"
	cases := []struct {
		name, body         string
		accepted, rejected int
	}{
		{"one object", goodEvent, 1, 0},
		{"one object over lines", pretty, 1, 0},
		{"two objects over lines", pretty + pretty, 2, 0},
		{"byte order mark", "\ufeff" + goodEvent, 1, 0},
		{"array", "[" + goodEvent + ",\n" + goodEvent + "]\n", 2, 0},
		{"array of other things", `[1,null,"x",[],` + goodEvent + `,{}]`, 1, 5},
		{"empty array", " [ ] ", 0, 0},
		{"lines", eventLines(0, 10), 10, 0},
		{"lines of Windows", strings.ReplaceAll(eventLines(0, 10), "\n", "\r\n"), 10, 0},
		{"lines, no last end", strings.TrimSpace(eventLines(0, 10)), 10, 0},
		{"empty lines between", strings.ReplaceAll(eventLines(0, 10), "\n", "\n\n \n"), 10, 0},
		{"a broken line", event(1) + "\n{\"id\":\n" + event(2), 2, 1},
		{"a broken first line", "{\"id\":\n" + event(1) + "\n" + event(2), 2, 1},
		{"a line cut off", event(1) + "\n" + event(2)[:40], 1, 1},
		{"lines that are no objects", "7\nx\n" + event(1) + "\n\"s\"\n[1]\n", 1, 4},
		{"two objects on a line", event(1) + "\n" + event(1) + event(2) + "\n", 1, 1},
		{"junk behind", event(1) + "\n" + event(1) + " junk\n", 1, 1},
		{"comma behind", event(1) + "\n" + event(2) + ",\n", 1, 1},
		{"NaN", event(1) + "\n" + strings.Replace(event(2), `"wiki"`, "NaN", 1), 1, 1},
		{"single quotes", event(1) + "\n{'id':'x'}", 1, 1},
		{"all bad", "{}\n{}\n", 0, 2},
		{"no UTF-8 in one", event(1) + "\n{\"id\":\"\xff\"}\n" + event(2), 2, 1},
		{"no UTF-8 in a string that is an array's", "[" + event(1) + ",\"\xff\"]", 1, 1},
		{"deep", event(1) + "\n" + `{"a":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}", 1, 1},
		{"too deep", event(1) + "\n" + `{"a":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}", 1, 1},
		{"many broken beginnings", event(1) + "\n" + strings.Repeat("{\"a\":[1,\n", 5000), 1, 5000},
	}
	for _, c := range cases {
		for _, encoding := range []string{"plain", "gzip", "gzip without a header", "chunked"} {
			t.Run(c.name+", "+encoding, func(t *testing.T) {
				var body io.Reader = strings.NewReader(c.body)
				header := []string{"Content-Type", "application/x-www-form-urlencoded"}
				switch encoding {
				case "gzip":
					body, header = bytes.NewReader(zipped(t, c.body)), append(header, "Content-Encoding", "gzip")
				case "gzip without a header":
					body = bytes.NewReader(zipped(t, c.body))
				case "chunked":
					body = io.MultiReader(body) // of unknown length
				}
				status, answer, message := r.send(body, header...)
				require.Equal(t, http.StatusAccepted, status, message)
				require.Equal(t, c.accepted, answer.Accepted)
				require.Len(t, answer.Rejected, c.rejected)
			})
		}
	}
}

func TestTheIndexOfRefusedLines(t *testing.T) {
	r := openRig(t, rigConfig{})
	_, answer, _ := r.post([]byte("junk\n" + event(0) + "\n\n{\"id\":\"b\"}\n" + event(1) + "\n{"))
	require.Equal(t, 2, answer.Accepted)
	require.Equal(t, []RejectedEvent{
		{Index: 0, Reason: wire.NotJSON.Reason}, {Index: 2, ID: "b", Field: "time", Reason: missing}, {Index: 4, Reason: wire.NotJSON.Reason}}, answer.Rejected)
}

func TestBodiesThatAreRefusedWhole(t *testing.T) {
	r := openRig(t, rigConfig{limits: Limits{Body: 1 << 20, Batch: 100}})
	cases := []struct {
		name   string
		body   []byte
		header []string
		status int
		says   string
	}{
		{"empty", nil, nil, 400, "empty"},
		{"white space", []byte(" \n\t\r\n"), nil, 400, "empty"},
		{"nothing zipped", zipped(t, ""), nil, 400, "empty"},
		{"no JSON", []byte("id=1&time=2"), nil, 400, "no JSON object"},
		{"a broken object", []byte(`{"id":`), nil, 400, "no JSON object"},
		{"one object, too deep", []byte(with("x", strings.Repeat("[", 70)+strings.Repeat("]", 70))), nil, 400, "nested deeper than 64"},
		{"one object over lines, too deep", []byte("{\n\"x\":" + strings.Repeat("[", 70) + strings.Repeat("]", 70) + "\n}"), nil, 400, "nested deeper than 64"},
		{"numbers", []byte("1\n2\n3"), nil, 400, "no JSON object"},
		{"array cut off", []byte("[" + goodEvent + "," + goodEvent), nil, 400, "broken JSON"},
		{"array broken in the middle", []byte("[" + goodEvent + ",{]," + goodEvent + "]"), nil, 400, "broken JSON"},
		{"array without comma", []byte("[" + goodEvent + goodEvent + "]"), nil, 400, "broken JSON"},
		{"array with a comma too many", []byte("[" + goodEvent + ",]"), nil, 400, "broken JSON"},
		{"array too deep", []byte("[" + goodEvent + "," + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "]"), nil, 400, "broken JSON"},
		{"junk behind an array", []byte("[" + goodEvent + "] x"), nil, 400, "behind the array"},
		{"two arrays", []byte("[" + goodEvent + "]\n[" + goodEvent + "]"), nil, 400, "behind the array"},
		{"too many lines", []byte(eventLines(0, 101)), nil, 413, "100 events"},
		{"too many in an array", []byte("[" + strings.ReplaceAll(strings.TrimSpace(eventLines(0, 101)), "\n", ",") + "]"), nil, 413, "100 events"},
		{"too many empty ones", []byte("[" + strings.Repeat("0,", 100) + "0]"), nil, 413, "100 events"},
		{"too large", bytes.Repeat([]byte(" "), 1<<20+1), nil, 413, "1048576 bytes"},
		{"a bomb", zipped(t, strings.Repeat(" ", 50<<20)), []string{"Content-Encoding", "gzip"}, 413, "1048576 bytes"},
		{"one object, too large", []byte(with("object", `"`+strings.Repeat("x", 70_000)+`"`)), nil, 413, "65536 bytes"},
		{"one object over lines, too large", []byte("{\n\"object\":\"" + strings.Repeat("x", 70_000) + "\"\n}"), nil, 413, "65536 bytes"},
		{"half a zip", zipped(t, eventLines(0, 50))[:60], nil, 400, "broke off"},
		{"a zip with junk behind", append(zipped(t, goodEvent), "junk"...), nil, 400, "decompressed"},
		{"a broken zip", append([]byte("\x1f\x8b\x08\x00"), bytes.Repeat([]byte{0xff}, 50)...), nil, 400, "decompressed"},
		{"another encoding", []byte(goodEvent), []string{"Content-Encoding", "br"}, 415, "gzip"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, _, message := r.post(c.body, c.header...)
			require.Equal(t, c.status, status, message)
			require.Contains(t, message, c.says)
		})
	}
	requireNothingInFlight(t, r.door)
	state, err := r.spool.State(t.Context())
	require.NoError(t, err)
	require.Zero(t, state.Messages, "nothing of a refused body is taken")
}

func TestWhoMaySend(t *testing.T) {
	r := openRig(t, rigConfig{})
	reader, err := r.tokens.Create(t.Context(), Grant{Name: "Finance", Kind: ReaderToken})
	require.NoError(t, err)
	editor, err := r.tokens.Create(t.Context(), Grant{Name: "Finance", Kind: EditorToken})
	require.NoError(t, err)
	for _, c := range []struct {
		authorization string
		status        int
	}{
		{"", 401}, {"Bearer", 401}, {"Bearer ", 401}, {"Bearer nobody", 401}, {"Basic " + r.token, 401}, {r.token, 401},
		{"Bearer " + reader, 403}, {"Bearer " + editor, 403}, {"Bearer " + r.token, 202}, {"bearer  " + r.token, 202},
	} {
		status, _, message := r.post([]byte(goodEvent), "Authorization", c.authorization)
		require.Equal(t, c.status, status, c.authorization+": "+message)
		require.NotContains(t, message, "nobody")
	}
}

func TestOnlyPost(t *testing.T) {
	r := openRig(t, rigConfig{})
	response, err := http.Get(r.server.URL + "/v1/events")
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusMethodNotAllowed, response.StatusCode)
	require.Equal(t, "POST", response.Header.Get("Allow"))
}

func TestBodiesInFlightAreBoundedTogether(t *testing.T) {
	r := openRig(t, rigConfig{limits: Limits{InFlight: 64 << 10}})
	status, _, _ := r.post([]byte(eventLines(0, 1000)))
	require.Equal(t, http.StatusServiceUnavailable, status)
	r.accepted(eventLines(0, 100), 100)
	requireNothingInFlight(t, r.door)
}

func TestReceiveWithoutHTTP(t *testing.T) {
	r := openRig(t, rigConfig{})
	answer, err := r.door.Receive(t.Context(), "import", strings.NewReader(eventLines(0, 20)+"{}"))
	require.NoError(t, err)
	require.Equal(t, 20, answer.Accepted)
	require.Len(t, answer.Rejected, 1)
	_, err = r.door.Receive(t.Context(), "", strings.NewReader(goodEvent))
	require.Error(t, err)
}
