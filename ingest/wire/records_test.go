package wire

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// seen is what a reader made of a body: a line for each record or refusal.
type seen struct {
	lines []string
	last  Record
}

func (s *seen) each(r *Record, wrong *Refusal) error {
	switch {
	case wrong != nil && r != nil:
		s.lines = append(s.lines, "refused "+string(r.ID)+" "+wrong.Field+": "+wrong.Reason)
	case wrong != nil:
		s.lines = append(s.lines, "refused "+wrong.Field+": "+wrong.Reason)
	default:
		s.last = r.clone()
		s.lines = append(s.lines, s.last.line())
	}
	return nil
}

// clone is a copy that lives as long as it is wanted.
func (r *Record) clone() Record {
	c := Record{Format: r.Format, Kind: r.Kind, Name: bytes.Clone(r.Name), ID: bytes.Clone(r.ID), Time: bytes.Clone(r.Time), Actor: bytes.Clone(r.Actor), Shared: r.Shared}
	c.Fields = make([]Field, len(r.Fields))
	for i, f := range r.Fields {
		c.Fields[i] = Field{bytes.Clone(f.Path), bytes.Clone(f.Value)}
	}
	c.Rest = make([][]byte, len(r.Rest))
	for i, rest := range r.Rest {
		c.Rest[i] = bytes.Clone(rest)
	}
	return c
}

// line is a record as a test reads it.
func (r *Record) line() string {
	line := string(r.Kind) + " " + string(r.Name) + " id=" + strings.ReplaceAll(string(r.ID), "\x00", "|") + " time=" + string(r.Time) + " actor=" + string(r.Actor)
	for _, f := range r.Fields {
		line += " " + string(f.Path) + "=" + string(f.Value)
	}
	return line
}

// plausible checks what holds for every record of whatever input.
func plausible(t *testing.T, r *Record, wrong *Refusal, size int) {
	t.Helper()
	if wrong != nil {
		require.NotEmpty(t, wrong.Reason)
		return
	}
	require.NotNil(t, r)
	require.Contains(t, []Kind{Track, Identify, Group}, r.Kind)
	require.LessOrEqual(t, len(r.Fields), MaxFields)
	for _, f := range r.Fields {
		require.LessOrEqual(t, len(f.Path), MaxPath)
		require.NotNil(t, f.Value)
		require.LessOrEqual(t, len(f.Value), 3*size+256)
	}
	copied := r.clone()
	require.Equal(t, copied.line(), r.line())
}

// samples is the folder of real requests, which may not be part of the repository.
func samples(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("UPTAKE_TESTDATA")
	if folder == "" {
		require.Empty(t, os.Getenv("CI"), "UPTAKE_TESTDATA must name the shared data where CI is set")
		t.Skip("left out: UPTAKE_TESTDATA does not name the shared data, beside which the samples of real clients lie")
	}
	return filepath.Join(folder, "..", "samples")
}

// capture is a request that a published client sent.
type capture struct {
	Path    string
	Headers [][2]string
	Body    string
	Base64  []byte `json:"body_b64"`
}

// captures are the requests of all clients to a path.
func captures(t *testing.T, path string) (found []capture) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(samples(t), "sdk-captures", "*.jsonl"))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			var c capture
			require.NoError(t, json.Unmarshal([]byte(line), &c))
			if c.Path == path {
				found = append(found, c)
			}
		}
	}
	require.NotEmpty(t, found)
	return found
}

func TestFlattenIsBounded(t *testing.T) {
	var p Records
	read := func(properties string) *Record {
		r, wrong := p.call([]byte(`{"type":"track","event":"x","properties":`+properties+`}`), "")
		require.Nil(t, wrong)
		plausible(t, r, wrong, len(properties))
		return r
	}
	r := read(`{"a":{"b":1,"c":[true,"x",null,{"d":"e\u00e9\n"}]},"n":null,"o":{},"half":"\ud83d!"}`)
	require.Equal(t, "track x id= time= actor= properties.a.b=1 properties.a.c=true properties.a.c=x properties.a.c.d=eé\n properties.half=\ufffd!", r.line())

	r = read(strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20))
	require.Empty(t, r.Fields)
	require.Len(t, r.Rest, 1, "what is too deep tells two records apart nevertheless")

	r = read("[" + strings.Repeat("7,", 3000) + "7]")
	require.Len(t, r.Fields, MaxFields)
	require.Len(t, r.Rest, 3001-MaxFields)

	r = read(`{"` + strings.Repeat("k", 300) + `":{"a":1,"b":2},"c":3}`)
	require.Equal(t, "track x id= time= actor= properties.c=3", r.line())
	require.Len(t, r.Rest, 1)
}

// A long path with thousands of members must not be copied for each of them.
func TestLongPathsCostNoMemory(t *testing.T) {
	for _, properties := range []string{
		`{"` + strings.Repeat("k", 30_000) + `":{` + strings.Repeat(`"":0,`, 6_000) + `"":0}}`,
		`{"` + strings.Repeat("k", 200) + `":{` + strings.Repeat(`"":{},`, 10_000) + `"":0}}`,
	} {
		var p Records
		_, wrong := p.call([]byte(`{"type":"track","event":"x","properties":`+properties+`}`), "")
		require.Nil(t, wrong)
		require.Less(t, cap(p.scratch), 1<<20)
	}
}

// What a body may not be, in any format.
func TestBodiesThatAreNoDocuments(t *testing.T) {
	var p Records
	never := func(*Record, *Refusal) error { t.Error("an event was read"); return nil }
	for _, body := range []string{"", " \n", "{", `{"batch":[{}`, `{"batch":[]} x`, "[1,]", "null", "7", `"x"`, "{}", `{"batch":7}`, strings.Repeat("[", 20_000)} {
		for name, read := range map[string]func([]byte, Limits, Each) error{
			"segment": func(b []byte, l Limits, e Each) error { return p.Segment(b, "", l, e) },
		} {
			err := read([]byte(body), wide, never)
			require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err), "%s: %q", name, body)
		}
	}
}

func TestKey(t *testing.T) {
	for body, want := range map[string]string{
		`{"k":"a"}`: "a", ` { "x":{"k":"b"} , "k" : "a" , "y":1}`: "a", `[{"k":"a"},{"k":"b"}]`: "a", `{"k":"a"`: "a", "": "", "[": "", "{": "", `{"`: "",
		`{"k`: "", `{"k"`: "", `{"k":`: "", `{"k":"`: "", `{"k":"a`: "", `{"k":7}`: "", `{"k":null}`: "", `{"k":"\u0061"}`: "", "[7]": "", `"k"`: "",
	} {
		require.Equal(t, want, Key([]byte(body), "k"), body)
	}
}

func FuzzKey(f *testing.F) {
	f.Add([]byte(`{"api_key":"a","x":[{"y":"\""}]}`))
	f.Add([]byte(`[{"api_key":"a"`))
	f.Fuzz(func(t *testing.T, body []byte) {
		key := Key(body, "api_key")
		var told map[string]any
		if json.Unmarshal(body, &told) == nil && key != "" {
			require.Equal(t, told["api_key"], strings.ToValidUTF8(key, "\ufffd"))
		}
	})
}
